package dev.ripcord.verifier.check;

import dev.ripcord.databases.DatabaseFailure;
import dev.ripcord.databases.EnrolledDatabase.SqlCheck;
import dev.ripcord.databases.PgSession;
import dev.ripcord.events.VerificationEvent.Finding;
import dev.ripcord.verifier.verification.Check;
import dev.ripcord.verifier.verification.Context;
import dev.ripcord.verifier.verification.NotAllAnswered;
import dev.ripcord.verifier.verification.Occasion;
import io.vertx.sqlclient.Row;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Each configured query returns one row whose one value, as text, is the expected one. It runs read-only, with nothing but
 * {@code pg_catalog} on the search path, so it names its tables with their schema.
 */
@Singleton
class SmokeQueries implements Check {

    private static final String NOT_PERMITTED = "42501";

    @Override
    public Set<Occasion> occasions() {
        return Set.of(Occasion.values());
    }

    @Override
    public String name() {
        return "queries";
    }

    @Override
    public boolean applies(Context context, Occasion occasion) {
        return !context.database().checks().sql().isEmpty();
    }

    @Override
    public List<Finding> run(Context context) {
        // in a session of its own: the other checks do not wait for what somebody else has written
        try (PgSession session = context.open(limit(context))) {
            return NotAllAnswered.each(context.database().checks().sql(), SqlCheck::name, check -> ask(session, check));
        }
    }

    private static Optional<Finding> ask(PgSession session, SqlCheck check) {
        String found;
        session.execute("begin transaction read only");
        try {
            found = value(session, check.query().strip().replaceAll(";+$", ""));
        } catch (DatabaseFailure e) {
            if (!answered(e)) throw e;
            found = "error: " + e.getMessage();
        } finally {
            session.execute("rollback");
        }
        return found.equals(check.expect())
                ? Optional.empty()
                : Optional.of(new Finding(check.name(), check.expect(), found));
    }

    private static String value(PgSession session, String query) {
        List<Row> rows = session.query("select q.value::text as value from (\n" + query + "\n) as q(value) limit 2");
        if (rows.size() != 1) return rows.isEmpty() ? "no row" : "more than one row";
        String value = rows.getFirst().getString("value");
        return value == null ? "null" : value;
    }

    /**
     * Whether the server says that the query cannot be answered: a table is gone, a value does not fit. What the verifier's
     * role may not read says nothing of the database.
     */
    private static boolean answered(DatabaseFailure failure) {
        String state = failure.sqlState();
        return state != null && !state.equals(NOT_PERMITTED) && (state.startsWith("42") || state.startsWith("22"));
    }
}
