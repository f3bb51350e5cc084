package dev.ripcord.rollback.method.partial;

import dev.ripcord.databases.PgSession;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Shows, before anything is committed, that the tables are what they should be. */
final class Proof {

    private final Map<ForeignKey, Long> tolerated = new HashMap<>();
    private Map<Long, Content> sent = Map.of();

    /** Counts what foreign keys that nobody ever validated lack already. */
    Proof(Draft draft) {
        Touched touched = draft.touched;
        for (ForeignKey key : touched.foreignKeys()) {
            if (key.enforced() && !key.validated()) tolerated.put(key, orphans(touched, key));
        }
    }

    /** What was sent to be written, by table: what was written has to be equal to it. */
    void sent(Map<Long, Content> content) {
        sent = content;
    }

    /** The first thing that is not as it should be. */
    Optional<String> flaw(Draft draft) {
        Touched touched = draft.touched;
        for (ForeignKey key : touched.foreignKeys()) {
            if (!key.enforced()) continue;
            long orphans = orphans(touched, key);
            if (orphans > tolerated.getOrDefault(key, 0L)) {
                return Optional.of(orphans + " rows of " + touched.liveTables.name(key.child()) + " would refer by "
                        + key.name() + " to no row of " + touched.liveTables.name(key.parent()));
            }
        }
        for (Pair pair : touched.named.values()) {
            if (!equal(draft, pair)) return Optional.of(pair.name() + " would not be equal to the snapshot's");
        }
        for (Table table : touched.tables()) {
            for (Table.Index index : table.unique()) {
                if (index.deferrable() && !index.exclusion() && duplicates(touched.live, table, index) > 0) {
                    return Optional.of(
                            table.name() + " would hold values of " + String.join(", ", index.columns()) + " twice");
                }
            }
        }
        return Optional.empty();
    }

    /** Rows that were not written are those that the comparison found equal. */
    private boolean equal(Draft draft, Pair pair) {
        long table = pair.live().oid();
        long rows = draft.touched
                .live
                .query("select count(*) as n from " + pair.live().from())
                .getFirst()
                .getLong("n");
        return rows == draft.expected(table).rows()
                && Content.written(draft.touched.live, pair).same(sent.getOrDefault(table, Content.NONE));
    }

    /** Foreign keys that lack parents, as before. */
    List<String> remaining(Draft draft) {
        List<String> remaining = new ArrayList<>();
        tolerated.forEach((key, rows) -> {
            if (rows > 0) {
                remaining.add("the foreign key " + key.name() + " of " + draft.touched.liveTables.name(key.child())
                        + ", which is not validated, lacked the parents of " + rows + " rows before");
            }
        });
        return remaining;
    }

    private static long orphans(Touched touched, ForeignKey key) {
        return touched.live
                .query(key.orphans(touched.liveTables.table(key.child()), touched.liveTables.table(key.parent())))
                .getFirst()
                .getLong("n");
    }

    /** A deferrable constraint is checked by a trigger, which may have been held back. */
    private static long duplicates(PgSession live, Table table, Table.Index index) {
        String columns = String.join(", ", index.columns());
        String present = index.nullsEqual()
                ? ""
                : " where "
                        + String.join(
                                " and ",
                                index.columns().stream()
                                        .map(each -> each + " is not null")
                                        .toList());
        return live.query("select count(*) as n from (select 1 from " + table.from() + present + " group by " + columns
                        + " having count(*) > 1) d")
                .getFirst()
                .getLong("n");
    }
}
