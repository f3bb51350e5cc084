package dev.ripcord.rollback.loss;

import dev.ripcord.events.TableLoss;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Adds up what is lost per table; partitions count for the table that they are of. */
final class Tally {

    private final Map<String, TableLoss> loss = new TreeMap<>();

    /** What is equal is left out, unless it is only estimated to be. */
    void add(String table, Difference difference) {
        if (difference.equals(Difference.NONE)) return;
        loss.merge(
                table,
                new TableLoss(
                        table, difference.inserted(), difference.updated(), difference.deleted(), difference.exact()),
                (one, other) -> new TableLoss(
                        table,
                        one.inserted() + other.inserted(),
                        one.updated() + other.updated(),
                        one.deleted() + other.deleted(),
                        one.exact() && other.exact()));
    }

    List<TableLoss> loss() {
        return new ArrayList<>(loss.values());
    }
}
