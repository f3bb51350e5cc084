package dev.ripcord.rollback.method.down;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** The versioned scripts of a bundle in Flyway's naming, {@code V1_2__name.sql} and {@code U1_2__name.sql}. */
record FlywayScripts(List<Script> ups, List<Script> downs) {

    private static final Pattern NAME = Pattern.compile("([VU])([0-9._]{1,50}?)__(.*)\\.sql");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{[^}]*}");

    /** One script; {@code file} is its path in the bundle. */
    record Script(String version, String description, Bundle.File file, boolean inTransaction) {

        /** Flyway's own: CRC-32 over the lines without their ends. */
        int checksum() {
            CRC32 crc = new CRC32();
            String text = file.text().startsWith("\uFEFF") ? file.text().substring(1) : file.text();
            text.lines().forEach(line -> crc.update(line.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
            return (int) crc.getValue();
        }

        List<String> statements() {
            String name = Shown.name(file.path());
            if (!inTransaction) throw Refusal.restore(name + " wants to run outside of a transaction");
            Matcher placeholder = PLACEHOLDER.matcher(file.text());
            if (placeholder.find()) {
                throw Refusal.restore(name + " needs the value of " + Shown.name(placeholder.group())
                        + ", which only Flyway's own configuration has");
            }
            return OneTransaction.statements(file.path(), file.text());
        }
    }

    /** Oldest first. */
    static FlywayScripts of(Bundle bundle) {
        List<Script> ups = new ArrayList<>();
        List<Script> downs = new ArrayList<>();
        for (Bundle.File file : bundle.files()) {
            Matcher name = NAME.matcher(file.name());
            if (!name.matches() || !FlywayVersion.readable(name.group(2))) continue;
            String version = name.group(2).replace('_', '.');
            String description = name.group(3).replace('_', ' ');
            (name.group(1).equals("V") ? ups : downs)
                    .add(new Script(version, description, file, inTransaction(bundle, file)));
        }
        ups.sort(Comparator.comparing(script -> FlywayVersion.of(script.version())));
        return new FlywayScripts(List.copyOf(ups), List.copyOf(downs));
    }

    /** The only script of that version; null where there is none. */
    static @Nullable Script of(List<Script> scripts, String version) {
        List<Script> found = scripts.stream()
                .filter(each -> FlywayVersion.same(each.version(), version))
                .toList();
        if (found.size() > 1) {
            throw Refusal.restore("two scripts for version " + Shown.name(version) + ": "
                    + Shown.names(found.stream().map(each -> each.file().path()).toList()));
        }
        return found.isEmpty() ? null : found.getFirst();
    }

    private static boolean inTransaction(Bundle bundle, Bundle.File script) {
        return bundle.files().stream()
                .filter(each -> each.path().equals(script.path() + ".conf"))
                .noneMatch(each -> each.text().replace(" ", "").contains("executeInTransaction=false"));
    }
}
