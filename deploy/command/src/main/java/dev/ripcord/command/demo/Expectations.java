package dev.ripcord.command.demo;

import dev.ripcord.command.sample.Books;
import dev.ripcord.events.TableLoss;
import dev.ripcord.events.VerificationEvent.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What must hold in the demo, and what of it did not. */
final class Expectations {

    private static final int SHOWN = 10;

    private final List<String> problems = new ArrayList<>();

    boolean that(String what, boolean holds) {
        if (!holds) problems.add("not so: " + what);
        return holds;
    }

    boolean none(String what, List<Finding> differences) {
        differences.stream()
                .limit(SHOWN)
                .map(finding -> finding.subject() + ": expected " + finding.expected() + ", found " + finding.found())
                .forEach(difference -> problems.add("not so: " + what + "; " + difference));
        return differences.isEmpty();
    }

    /** The clients' own count of what was lost equals the service's, for every table they write rows to. */
    void books(Books books, List<TableLoss> counted) {
        problems.addAll(books.problems());
        Map<String, Long> told = lost(counted);
        books.lostByTable()
                .forEach((table, rows) -> that(
                        rows + " rows of " + table + " were lost by the clients' count, " + told.getOrDefault(table, 0L)
                                + " by the service's",
                        rows.equals(told.getOrDefault(table, 0L))));
        that("some orders were placed after the snapshot", books.lostByTable().getOrDefault("public.orders", 0L) > 0);
    }

    List<String> problems() {
        return List.copyOf(problems);
    }

    static Map<String, Long> lost(List<TableLoss> loss) {
        Map<String, Long> byTable = new TreeMap<>();
        loss.stream()
                .filter(table -> table.inserted() > 0)
                .forEach(table -> byTable.put(table.table(), table.inserted()));
        return byTable;
    }

    static Map<String, Long> changed(List<TableLoss> loss) {
        Map<String, Long> byTable = new TreeMap<>();
        loss.stream()
                .filter(table -> table.updated() + table.deleted() > 0)
                .forEach(table -> byTable.put(table.table(), table.updated() + table.deleted()));
        return byTable;
    }
}
