package dev.ripcord.databases;

import dev.ripcord.events.Manifest;
import dev.ripcord.events.VerificationEvent.Finding;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What two manifests differ in. */
public final class ManifestComparison {

    /** A property that belongs to the server's roles: it is noted with a snapshot, and does not go back with it. */
    public static final String MEMBERSHIPS = "role memberships";

    static final String EXTENSION_OWNER = "extension owner";

    private ManifestComparison() {}

    /** Differences of the rows: table by table, count and content. */
    public static List<Finding> content(Manifest expected, List<Manifest.Table> found) {
        boolean rebuilt = !expected.files().isEmpty();
        return differences(
                expected.tables(),
                found,
                Manifest.Table::name,
                table -> rebuilt && table.kind().equals("materialized view")
                        ? "refreshed by the restore"
                        : table.rows() + " rows, content " + table.hash());
    }

    /**
     * Differences of the schema, object by object, or as a whole where there are too many objects. Whose an extension is
     * comes back with a copy, not with an archive.
     */
    public static List<Finding> schema(Manifest expected, Schema found) {
        Schema wanted = Schema.of(expected);
        if (!wanted.complete() || !found.complete()) {
            return wanted.fingerprint().equals(found.fingerprint())
                    ? List.of()
                    : List.of(new Finding(
                            "schema", "fingerprint " + wanted.fingerprint(), "fingerprint " + found.fingerprint()));
        }
        boolean rebuilt = !expected.files().isEmpty();
        return differences(
                wanted.objects(),
                found.objects(),
                object -> object.kind() + " " + object.name(),
                object -> rebuilt && object.kind().equals(EXTENSION_OWNER)
                        ? "whoever restored it"
                        : "definition " + object.hash());
    }

    /** Differences of the sequences: exactly equal ones are expected. */
    public static List<Finding> sequences(Manifest expected, List<Manifest.Sequence> found) {
        return differences(
                expected.sequences(), found, Manifest.Sequence::name, sequence -> String.valueOf(sequence.lastValue()));
    }

    /** Differences of the database's own properties. */
    public static List<Finding> properties(Map<String, String> expected, Map<String, String> found) {
        return differences(ofTheDatabase(expected), ofTheDatabase(found), Map.Entry::getKey, Map.Entry::getValue);
    }

    private static List<Map.Entry<String, String>> ofTheDatabase(Map<String, String> properties) {
        return properties.entrySet().stream()
                .filter(each -> !each.getKey().equals(MEMBERSHIPS))
                .toList();
    }

    /** Everything that a copy which nobody wrote to has in common with its original. */
    public static List<Finding> all(Manifest expected, Manifest found) {
        List<Finding> all = new ArrayList<>(schema(expected, Schema.of(found)));
        all.addAll(content(expected, found.tables()));
        all.addAll(sequences(expected, found.sequences()));
        return all;
    }

    private static <T> List<Finding> differences(
            List<T> expected, List<T> found, Function<T, String> name, Function<T, String> value) {
        Map<String, String> expectedByName = byName(expected, name, value);
        Map<String, String> foundByName = byName(found, name, value);
        TreeSet<String> names = new TreeSet<>(expectedByName.keySet());
        names.addAll(foundByName.keySet());
        List<Finding> differences = new ArrayList<>();
        for (String each : names) {
            @Nullable String wanted = expectedByName.get(each);
            @Nullable String there = foundByName.get(each);
            if (wanted != null && wanted.equals(there)) continue;
            differences.add(new Finding(each, wanted == null ? "absent" : wanted, there == null ? "absent" : there));
        }
        return differences;
    }

    private static <T> Map<String, String> byName(List<T> things, Function<T, String> name, Function<T, String> value) {
        Map<String, String> byName = new LinkedHashMap<>();
        things.forEach(
                thing -> byName.merge(name.apply(thing), value.apply(thing), (one, other) -> one + ", " + other));
        return byName;
    }
}
