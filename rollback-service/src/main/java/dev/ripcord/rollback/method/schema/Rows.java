package dev.ripcord.rollback.method.schema;

import dev.ripcord.databases.DatabaseFailure;
import dev.ripcord.databases.PgSession;
import io.vertx.sqlclient.Row;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/** Counts rows: those that go, and those that stand in the way. */
final class Rows {

    /** Above this many a table is not counted for a plan. */
    private static final long COUNTED = 1_000_000;

    private final PgSession session;
    private final Map<String, String> counts = new HashMap<>();

    Rows(PgSession session) {
        this.session = session;
    }

    /** For people: {@code 1,204 rows}, or about as many as the planner thinks. */
    String of(String table) {
        return counts.computeIfAbsent(table, each -> count(each, each).says());
    }

    /** How many rows there are, or about as many as the planner thinks. */
    record Count(long rows, boolean exact) {
        String says() {
            if (!exact) return "about %,d rows".formatted(rows);
            return rows == 1 ? "1 row" : "%,d rows".formatted(rows);
        }
    }

    /** Those of the table itself, without those of its partitions and heirs. */
    Count own(String table) {
        return any(table) ? count(table, "only " + table) : new Count(0, true);
    }

    private Count count(String table, String from) {
        long about = session.query("select reltuples::bigint from pg_class where oid = $1::text::regclass", table)
                .getFirst()
                .getLong(0);
        return about > COUNTED ? new Count(about, false) : new Count(number("select count(*) from " + from), true);
    }

    boolean any(String table) {
        return !session.query("select 1 from only " + table + " limit 1").isEmpty();
    }

    long number(String query) {
        return session.query(query).getFirst().getLong(0);
    }

    /** As {@link #number}, empty where the query does not suit the structure that there is now. */
    OptionalLong tried(String query) {
        try {
            return OptionalLong.of(number(query));
        } catch (DatabaseFailure e) {
            return OptionalLong.empty();
        }
    }

    /** What the rows of the live database would break among the parts that come back. */
    static List<Refusal> violations(PgSession live, PgSession copy, Set<String> comingBack) {
        Rows rows = new Rows(live);
        List<Refusal> refusals = new ArrayList<>();
        for (Row each : copy.query(Structure.resource("violations.sql"))) {
            String key = each.getString("key");
            if (!comingBack.contains(key)) continue;
            rows.tried(each.getString("query")).ifPresent(count -> {
                if (count > 0) {
                    refusals.add(new Refusal(key, "%,d %s".formatted(count, each.getString("reads"))));
                }
            });
        }
        return refusals;
    }
}
