package dev.ripcord.rollback.method.down;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The up and down scripts of a folder, in any of the usual layouts: {@code 1_name.up.sql} and {@code 1_name.down.sql};
 * {@code 1_name/up.sql} and {@code down.sql} or {@code rollback.sql}; {@code 1_name.sql} with a section
 * {@code -- migrate:down}, or with its down script in a folder {@code down} or {@code rollback}.
 */
record ScriptFiles(List<Migration> migrations) {

    private static final String VERSION = "([Vv]?\\d[0-9A-Za-z.-]{0,99})(?:_([^/]*))?";
    private static final Pattern FOLDER = Pattern.compile(VERSION);
    private static final Pattern MARKED = Pattern.compile(VERSION + "\\.(up|down|rollback)\\.sql");
    private static final Pattern PLAIN = Pattern.compile(VERSION + "\\.sql");
    private static final Pattern SECTION = Pattern.compile("(?m)^--\\s*migrate:(up|down)\\b([^\\r\\n]*)");
    private static final Set<String> DOWN_FOLDERS = Set.of("down", "rollback", "rollbacks");

    /** One script, and where it is. */
    record Script(String path, String sql, boolean outsideTransaction) {}

    /**
     * One migration.
     *
     * @param version as its files say it
     * @param stem version and name, as its files or its folder are called
     */
    record Migration(
            String version,
            String stem,
            @Nullable Script up,
            @Nullable Script down) {

        /** Whether a version table's row means this one: tools keep the version, the whole name or the file's name. */
        boolean is(String row) {
            return row.equals(version)
                    || row.equals(stem)
                    || row.equals(stem + ".sql")
                    || VersionOrder.sameNumber(row, version);
        }

        String name() {
            return stem.length() > version.length() ? stem.substring(version.length() + 1) : stem;
        }

        Migration with(boolean downwards, Script script) {
            Script there = downwards ? down : up;
            if (there != null) {
                throw Refusal.restore(
                        "two scripts for the same: " + Shown.name(there.path()) + " and " + Shown.name(script.path()));
            }
            return downwards ? new Migration(version, stem, up, script) : new Migration(version, stem, script, down);
        }
    }

    /** Oldest first. */
    static ScriptFiles of(Bundle bundle) {
        Map<String, Migration> found = new LinkedHashMap<>();
        for (Bundle.File file : bundle.files()) sort(file, found);
        List<Migration> migrations = new ArrayList<>(found.values());
        migrations.sort((one, other) -> VersionOrder.NATURAL.compare(one.stem(), other.stem()));
        return new ScriptFiles(List.copyOf(migrations));
    }

    /** The migration that a row means; null where the bundle has none. */
    @Nullable
    Migration of(String row) {
        List<Migration> exact =
                migrations.stream().filter(each -> each.stem().equals(row)).toList();
        List<Migration> meant = exact.isEmpty()
                ? migrations.stream().filter(each -> each.is(row)).toList()
                : exact;
        if (meant.size() > 1) {
            throw Refusal.restore("version " + Shown.name(row) + " has several migrations: "
                    + Shown.names(meant.stream().map(Migration::stem).toList()));
        }
        return meant.isEmpty() ? null : meant.getFirst();
    }

    private static void sort(Bundle.File file, Map<String, Migration> found) {
        String folder = file.folder();
        Matcher marked = MARKED.matcher(file.name());
        Matcher parent = FOLDER.matcher(folder.substring(folder.lastIndexOf('/') + 1));
        Matcher plain = PLAIN.matcher(file.name());
        if (marked.matches()) {
            add(found, marked, !marked.group(3).equals("up"), file.path(), file.text());
        } else if (parent.matches() && file.name().matches("(up|down|rollback)\\.sql")) {
            add(found, parent, !file.name().equals("up.sql"), file.path(), file.text());
        } else if (plain.matches()) {
            boolean downwards = DOWN_FOLDERS.contains(folder.substring(folder.lastIndexOf('/') + 1));
            if (!sections(file, plain, found)) add(found, plain, downwards, file.path(), file.text());
        }
    }

    private static boolean sections(Bundle.File file, Matcher name, Map<String, Migration> found) {
        Matcher section = SECTION.matcher(file.text());
        boolean more = section.find();
        boolean any = more;
        while (more) {
            boolean downwards = section.group(1).equals("down");
            boolean outside = section.group(2).replace(" ", "").contains("transaction:false");
            int from = section.end();
            more = section.find();
            String sql = file.text()
                    .substring(from, more ? section.start() : file.text().length());
            put(found, name, downwards, new Script(file.path(), sql, outside));
        }
        return any;
    }

    private static void add(Map<String, Migration> found, Matcher name, boolean downwards, String path, String sql) {
        put(found, name, downwards, new Script(path, sql, false));
    }

    private static void put(Map<String, Migration> found, Matcher name, boolean downwards, Script script) {
        String version = name.group(1);
        String stem = name.group(2) == null ? version : version + "_" + name.group(2);
        found.put(
                stem,
                found.getOrDefault(stem, new Migration(version, stem, null, null))
                        .with(downwards, script));
    }
}
