package dev.ripcord.rollback.method.sql;

import dev.ripcord.databases.DatabaseFailure;
import dev.ripcord.databases.EnrolledDatabase.SqlCheck;
import dev.ripcord.databases.PgSession;
import dev.ripcord.databases.RefusedException;
import dev.ripcord.events.Plan;
import dev.ripcord.rollback.core.Rung;
import dev.ripcord.rollback.method.Draft;
import dev.ripcord.rollback.method.Effect;
import dev.ripcord.rollback.method.Fault;
import dev.ripcord.rollback.method.Ground;
import dev.ripcord.rollback.method.Method;
import dev.ripcord.rollback.method.down.OneTransaction;
import dev.ripcord.rollback.method.down.VersionNote;
import io.vertx.sqlclient.Row;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Runs the statements of the request in one transaction, which the database's own queries must agree with at its end. */
@Singleton
class ApprovedStatements implements Method {

    private static final String LIMITS = "set local lock_timeout = '5s'";

    @Override
    public Rung rung() {
        return Rung.sql;
    }

    @Override
    public Draft draft(Ground ground) {
        List<String> statements;
        try {
            statements = statements(ground);
            ground.live();
        } catch (RefusedException e) {
            return new Draft.Wrong(String.valueOf(e.getMessage()), "correct the statements and ask again");
        }
        List<String> steps = new ArrayList<>(statements);
        ground.database()
                .checks()
                .sql()
                .forEach(check -> steps.add("-- then \"" + check.name() + "\" must be " + check.expect()));
        return new Draft.Ready(steps, List.of()).noted("what is lost by these statements was not counted");
    }

    private static List<String> statements(Ground ground) {
        return OneTransaction.fit(
                "the request",
                String.valueOf(
                        ground.request().way() == null
                                ? ""
                                : ground.request().way().statements()));
    }

    @Override
    public Effect act(Ground ground, Plan plan) {
        PgSession live = ground.live();
        List<String> statements = statements(ground);
        String current = "begin";
        live.execute("begin");
        try {
            ground.bracket().first().accept(live);
            live.execute(LIMITS);
            for (String statement : statements) {
                current = statement;
                live.query(statement);
            }
            for (SqlCheck check : ground.database().checks().sql()) {
                current = check.query();
                Optional<String> wrong = disagreement(live, check);
                if (wrong.isPresent()) {
                    live.execute("rollback");
                    return new Effect.NotDone(wrong.get());
                }
            }
            current = "set constraints all immediate";
            live.execute(current);
        } catch (DatabaseFailure e) {
            if (new Fault(e).thrownOn()) throw e;
            live.execute("rollback");
            return new Effect.NotDone(e.getMessage() + ", at: " + current);
        }
        ground.bracket().last().accept(live);
        Effect.Done done = new Effect.Done(statements.size() + " statements were run", List.of());
        return VersionNote.after(live, ground.recordedVersion()).map(done::and).orElse(done);
    }

    private static Optional<String> disagreement(PgSession live, SqlCheck check) {
        List<Row> rows = live.query("select q.value::text as value from (\n"
                + check.query().strip().replaceAll(";+$", "") + "\n) as q(value) limit 2");
        String found = rows.size() == 1 ? String.valueOf(rows.getFirst().getString(0)) : rows.size() + " rows";
        return found.equals(check.expect())
                ? Optional.empty()
                : Optional.of("\"" + check.name() + "\" would be " + found + " instead of " + check.expect());
    }
}
