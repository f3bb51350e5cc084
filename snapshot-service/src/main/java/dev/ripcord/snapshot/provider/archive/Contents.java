package dev.ripcord.snapshot.provider.archive;

import dev.ripcord.events.Manifest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What an archive says of itself: its table of contents. */
final class Contents {

    private static final Pattern DATA = Pattern.compile("^\\d+; 0 (\\d+) TABLE DATA ");
    private static final Pattern DEFINITION = Pattern.compile("^\\d+; 1259 (\\d+) TABLE ");
    private static final Pattern ROWS = Pattern.compile("(\\d+); 0 \\d+ TABLE DATA (.*)");
    private static final Pattern INDEX_OR_KEY =
            Pattern.compile("^(\\d+); \\d+ \\d+ (?:INDEX|CONSTRAINT|FK CONSTRAINT) ");
    /** As {@code pg_backup_archiver.c} knows them: its passes {@code RESTORE_PASS_ACL} and {@code RESTORE_PASS_POST_ACL}. */
    private static final Predicate<String> RIGHTS = Pattern.compile(
                    "^\\d+; \\d+ \\d+ (?:ACL|DEFAULT ACL|MATERIALIZED VIEW DATA|EVENT TRIGGER|(?:COMMENT|SECURITY LABEL) - EVENT TRIGGER) ")
            .asPredicate();

    private static final Predicate<String> SCHEMA =
            Pattern.compile("^\\d+; 2615 \\d+ SCHEMA ").asPredicate();
    private static final Pattern SET =
            Pattern.compile("SELECT pg_catalog\\.setval\\('((?:[^']|'')*+)', (-?\\d+), (true|false)\\);");

    private final Programs programs;
    private final Path archive;
    private final Duration limit;
    private final List<String> lines;

    private Contents(Programs programs, Path archive, Duration limit, List<String> lines) {
        this.programs = programs;
        this.archive = archive;
        this.limit = limit;
        this.lines = lines;
    }

    /** Reads the table of contents. */
    static Contents of(Programs programs, Path archive, Duration limit) throws ClientProcess.FailedException {
        try (ClientProcess list =
                ClientProcess.local(programs.restore(), List.of("--list", archive.toString()), limit)) {
            return new Contents(programs, archive, limit, list.await().lines().toList());
        }
    }

    /** The tables that should be in it and are not. */
    List<String> missing(List<HeldMoment.Table> tables) {
        Set<Long> data = objects(DATA);
        Set<Long> definitions = objects(DEFINITION);
        return tables.stream()
                .filter(table -> !table.extension())
                .filter(table -> !(table.partitioned() ? definitions : data).contains(table.oid()))
                .map(HeldMoment.Table::name)
                .toList();
    }

    /** The items that hold the rows of tables, each with its table's schema, name and owner. */
    Map<Integer, String> tableData() {
        Map<Integer, String> items = new HashMap<>();
        for (String line : lines) {
            Matcher item = ROWS.matcher(line);
            if (item.matches()) items.put(Integer.valueOf(item.group(1)), item.group(2));
        }
        return items;
    }

    /** The items that make the schemas, and nothing in them. */
    List<String> schemas() {
        return items(SCHEMA);
    }

    /** Everything but {@link #schemas} and {@link #rights}. */
    List<String> objects() {
        return items(SCHEMA.or(RIGHTS).negate());
    }

    /** The items that say who may do what, and those that pg_restore makes after them because they need it. */
    List<String> rights() {
        return items(RIGHTS);
    }

    private List<String> items(Predicate<String> wanted) {
        return lines.stream()
                .filter(line -> !line.startsWith(";"))
                .filter(wanted)
                .toList();
    }

    /** The items that are made when the rows are there. */
    Set<Integer> indexesAndKeys() {
        return lines.stream()
                .map(INDEX_OR_KEY::matcher)
                .filter(Matcher::find)
                .map(found -> Integer.valueOf(found.group(1)))
                .collect(Collectors.toSet());
    }

    private Set<Long> objects(Pattern pattern) {
        return lines.stream()
                .map(pattern::matcher)
                .filter(Matcher::find)
                .map(found -> Long.valueOf(found.group(1)))
                .collect(Collectors.toSet());
    }

    /**
     * The values that a restore gives the sequences. Numbers are given out outside of transactions, so those of the
     * archive are later than the moment that the rows are of.
     *
     * @param text reads the archive's encoding
     */
    List<Manifest.Sequence> sequences(List<Manifest.Sequence> seen, Function<byte[], String> text)
            throws ClientProcess.FailedException {
        List<String> entries =
                lines.stream().filter(line -> line.contains(" SEQUENCE SET ")).toList();
        if (entries.isEmpty()) return seen;
        Map<String, Manifest.Sequence> stored = stored(entries, text);
        return seen.stream()
                .map(sequence -> stored.getOrDefault(sequence.name(), sequence))
                .toList();
    }

    private Map<String, Manifest.Sequence> stored(List<String> entries, Function<byte[], String> text)
            throws ClientProcess.FailedException {
        Map<String, Manifest.Sequence> stored = new HashMap<>();
        try (ItemList list = ItemList.of(entries);
                ClientProcess script = ClientProcess.local(
                        programs.restore(), List.of(list.option(), "--file=-", archive.toString()), limit)) {
            Matcher set = SET.matcher(text.apply(script.output()));
            while (set.find()) {
                String name = set.group(1).replace("''", "'");
                Long value = set.group(3).equals("true") ? Long.valueOf(set.group(2)) : null;
                stored.put(name, new Manifest.Sequence(name, value));
            }
        }
        return stored;
    }
}
