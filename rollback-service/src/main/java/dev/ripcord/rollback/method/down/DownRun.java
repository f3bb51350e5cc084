package dev.ripcord.rollback.method.down;

import dev.ripcord.databases.DatabaseFailure;
import dev.ripcord.databases.PgSession;
import dev.ripcord.rollback.method.Bracket;
import dev.ripcord.rollback.method.Fault;
import dev.ripcord.rollback.method.down.DownOutcome.Applied;
import dev.ripcord.rollback.method.down.DownOutcome.Failed;
import dev.ripcord.rollback.method.down.DownPlan.Entry;
import dev.ripcord.rollback.method.down.DownPlan.Guard;
import dev.ripcord.rollback.method.down.DownPlan.Step;
import dev.ripcord.rollback.method.down.DownPlan.Steps;
import io.vertx.sqlclient.Row;

/** One transaction: all steps and the version table, or nothing. */
final class DownRun {

    private static final String WHERE = "select pg_current_xact_id()::text as transaction, current_user::text as name";

    private final PgSession session;
    private final Steps plan;
    private String current = "";

    private DownRun(PgSession session, Steps plan) {
        this.session = session;
        this.plan = plan;
    }

    /**
     * Runs it.
     *
     * @throws DatabaseFailure if it passes; at the commit, nobody knows whether that happened
     */
    static DownOutcome run(PgSession session, Steps plan, Limits limits, Bracket bracket) {
        DownRun run = new DownRun(session, plan);
        session.execute("begin isolation level read committed");
        try {
            bracket.first().accept(session);
            run.settings(limits);
            run.steps();
            run.current = "commit";
            bracket.last().accept(session);
            return new Applied(plan.versions(), plan.after());
        } catch (NotAsPlanned e) {
            run.rollBack();
            return new Failed(String.valueOf(e.getMessage()), "");
        } catch (DatabaseFailure e) {
            run.rollBack();
            if (new Fault(e).thrownOn()) throw e;
            return new Failed(new Fault(e).says(), run.current);
        } finally {
            run.forgetSettings();
        }
    }

    private void settings(Limits limits) {
        session.query(
                "select set_config('lock_timeout', $1, true), set_config('row_security', 'on', true),"
                        + " set_config('standard_conforming_strings', 'on', true), set_config('search_path', $2, true),"
                        + " set_config('statement_timeout', case when setting::bigint between 1 and $3 then setting else $3::text end, true)"
                        + " from pg_settings where name = 'statement_timeout'",
                String.valueOf(limits.lock().toMillis()),
                StateTable.usualPath(session),
                limits.statement().toMillis());
        session.query(
                "select set_config('search_path', quote_ident($1) || ', ' || current_setting('search_path'), true)"
                        + " where not $1::text = any (current_schemas(false)::text[])",
                plan.schema());
        // whoever made the version table is who migrates: what a script makes belongs to that role, as it would then
        session.query(
                        "select format('set local role %I', pg_get_userbyid(relowner)) from pg_class"
                                + " where oid = $1::text::regclass and pg_has_role(relowner, 'member')",
                        plan.table())
                .forEach(row -> session.execute(row.getString(0)));
    }

    private void steps() {
        session.execute("lock table " + plan.table() + " in share row exclusive mode");
        if (!StateTable.state(session, plan.table()).equals(plan.state())) {
            throw new NotAsPlanned(plan.table() + " has changed since the plan was made");
        }
        for (Guard guard : plan.guards()) {
            if (!session.query(guard.query()).getFirst().getBoolean(0)) throw new NotAsPlanned(guard.otherwise());
        }
        Row before = session.query(WHERE).getFirst();
        for (Step step : plan.steps()) step(step);
        current = "";
        Row after = session.query(WHERE).getFirst();
        if (!after.getString("transaction").equals(before.getString("transaction"))) {
            throw new IllegalStateException("A script ended the transaction that it ran in");
        }
        if (!after.getString("name").equals(before.getString("name"))) {
            throw new NotAsPlanned("a script goes on as another role, " + after.getString("name"));
        }
    }

    /** By the extended protocol, which takes one statement at a time: a second one cannot hide in the first. */
    private void step(Step step) {
        for (String statement : step.statements()) {
            current = statement;
            session.query(statement);
        }
        for (Entry entry : step.entries()) {
            current = entry.sql();
            session.query(entry.sql(), entry.parameters().toArray());
        }
    }

    private void rollBack() {
        try {
            session.execute("rollback");
        } catch (DatabaseFailure e) {
            // the session is gone, and its transaction with it
        }
    }

    /** A script's SET outlives its transaction; the session is used for more. */
    private void forgetSettings() {
        try {
            session.execute("reset all");
        } catch (DatabaseFailure e) {
            // the session is gone, and its settings with it
        }
    }

    private static final class NotAsPlanned extends RuntimeException {
        private static final long serialVersionUID = 1;

        NotAsPlanned(String message) {
            super(message, null, false, false);
        }
    }
}
