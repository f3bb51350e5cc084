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
            for (int next = 0; next < statements.size(); next++) {
                current = "statement " + (next + 1) + " of " + statements.size();
                live.query(statements.get(next));
            }
            for (SqlCheck check : ground.database().checks().sql()) {
                current = "asking \"" + check.name() + '"';
                if (!agrees(live, check)) {
                    live.execute("rollback");
                    return new Effect.NotDone('"' + check.name() + "\" does not agree");
                }
            }
            current = "checking the constraints";
            live.execute("set constraints all immediate");
        } catch (DatabaseFailure e) {
            if (new Fault(e).thrownOn()) throw e;
            live.execute("rollback");
            // neither the statement nor what the server says of it: both may hold values of rows
            return new Effect.NotDone(current + " failed (SQLSTATE " + e.sqlState() + ")");
        }
        ground.bracket().last().accept(live);
        Effect.Done done = new Effect.Done(statements.size() + " statements were run", List.of());
        return VersionNote.after(live, ground.recordedVersion()).map(done::and).orElse(done);
    }

    private static boolean agrees(PgSession live, SqlCheck check) {
        List<Row> rows = live.query("select q.value::text as value from (\n"
                + check.query().strip().replaceAll(";+$", "") + "\n) as q(value) limit 2");
        String found = rows.size() == 1 ? String.valueOf(rows.getFirst().getString(0)) : rows.size() + " rows";
        return found.equals(check.expect());
    }
}
