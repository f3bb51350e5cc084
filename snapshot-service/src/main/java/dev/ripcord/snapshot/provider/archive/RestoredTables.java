package dev.ripcord.snapshot.provider.archive;

import dev.ripcord.events.Manifest;
import dev.ripcord.snapshot.core.Progress.Step;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How far pg_restore is: the tables whose rows it has finished, as it says itself, and then the indexes and keys. */
final class RestoredTables {

    private static final Pattern FINISHED = Pattern.compile("finished item (\\d+) ");

    private final Map<Integer, Long> rows;
    private final Set<Integer> others;
    private final long allRows;
    private final Set<Integer> finished = new HashSet<>();

    private RestoredTables(Map<Integer, Long> rows, Set<Integer> others) {
        this.rows = rows;
        this.others = others;
        this.allRows = rows.values().stream().mapToLong(Long::longValue).sum();
    }

    /** What there is to restore. */
    static RestoredTables of(Contents contents, Manifest manifest) {
        Map<String, Long> expected = new HashMap<>();
        for (Manifest.Table table : manifest.tables()) expected.put(plain(table.name()), table.rows());
        Map<Integer, Long> rows = new HashMap<>();
        contents.tableData().forEach((item, table) -> rows.put(item, rowsOf(table, expected)));
        return new RestoredTables(rows, contents.indexesAndKeys());
    }

    /** The name stands before the owner's in the table of contents, without quotes. */
    private static long rowsOf(String nameAndOwner, Map<String, Long> expected) {
        int end = nameAndOwner.lastIndexOf(' ');
        return expected.getOrDefault(end < 0 ? nameAndOwner : nameAndOwner.substring(0, end), 0L);
    }

    private static String plain(String name) {
        return name.replaceFirst("(?<=[^\"]|\")\\.", " ").replace("\"", "");
    }

    /** One line that pg_restore wrote. */
    synchronized void heard(String line) {
        Matcher item = FINISHED.matcher(line);
        if (item.find()) finished.add(Integer.valueOf(item.group(1)));
    }

    /**
     * Where it stands.
     *
     * @param beingCopied rows of the tables that are not finished
     */
    synchronized Step step(long beingCopied) {
        List<Long> done =
                finished.stream().filter(rows::containsKey).map(rows::get).toList();
        if (done.size() == rows.size()) {
            int indexed = (int) finished.stream().filter(others::contains).count();
            return new Step("indexing", indexed, others.size(), percent(indexed, others.size()));
        }
        long copied = done.stream().mapToLong(Long::longValue).sum() + beingCopied;
        return new Step("restoring", done.size(), rows.size(), percent(copied, allRows));
    }

    private static int percent(long done, long total) {
        return total == 0 ? 0 : (int) Math.min(100, 100 * done / total);
    }
}
