package dev.ripcord.rollback.plan;

import dev.ripcord.delivery.StateDatabase;
import dev.ripcord.events.Plan.Estimate;
import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;

/** How long this database's own rollbacks took. */
@ApplicationScoped
class History {

    private static final long GUESS_MILLIS = 250;
    private static final int LAST = 9;

    private static final String MEDIANS = """
            select count(*) as rollbacks, percentile_cont(0.5) within group (order by coalesce(outage, 0)) as outage, percentile_cont(0.5) within group (order by duration) as duration
              from (select (ended.document::jsonb ->> 'outageMillis')::float8 as outage, extract(epoch from ended.recorded_at - began.recorded_at)::float8 * 1000 as duration
                      from (select id from task where kind = 'rollback' and database_id = $1 order by created_at desc limit 100) t
                      join audit began on began.rollback = t.id and began.type = 'rollback.started'
                      join audit ended on ended.rollback = t.id and ended.direction = 'said' and ended.type = $2
                       and ($3::text is null or ended.document::jsonb ->> 'method' = $3)
                     order by ended.position desc limit $4) last""";

    private final StateDatabase state;

    History(StateDatabase state) {
        this.state = state;
    }

    /** Of the swap of the whole database. */
    Estimate swap(String database, boolean undo) {
        Row row = state.query(MEDIANS, database, undo ? "rollback.undone" : "rollback.completed", null, LAST)
                .getFirst();
        long finished = row.getLong("rollbacks");
        if (finished == 0) {
            return new Estimate(
                    GUESS_MILLIS,
                    null,
                    0,
                    "no rollback of this database has finished yet: the outage is what a swap takes elsewhere at the most");
        }
        return estimate(row, finished, Math.round(Math.ceil(row.getDouble("outage"))), "");
    }

    /** Of a method that leaves the database where it stands: it is not closed. */
    Estimate inPlace(String database, String method) {
        Row row = state.query(MEDIANS, database, "rollback.completed-in-place", method, LAST)
                .getFirst();
        long finished = row.getLong("rollbacks");
        if (finished == 0) {
            return new Estimate(
                    0, null, 0, "no rollback of this database by " + method + " has finished yet; it stays open");
        }
        return estimate(row, finished, 0, " by " + method);
    }

    private static Estimate estimate(Row row, long finished, long outage, String how) {
        return new Estimate(
                outage,
                Math.round(row.getDouble("duration")),
                (int) finished,
                "median of the last " + finished + " finished rollbacks of this database" + how
                        + ", from approval to outcome");
    }
}
