package dev.ripcord.snapshot.provider.archive;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * PostgreSQL's client programs of one installation, by absolute path.
 *
 * @param folder where pg_dump and pg_restore are
 * @param major of these programs
 * @param minor of these programs
 */
record Programs(Path folder, int major, int minor) {

    /** The first release of each major in which no crafted archive makes pg_restore run code. */
    private static final Map<Integer, Integer> FLOOR = Map.of(14, 25, 15, 20, 16, 16, 17, 12, 18, 7);

    /** From this major on pg_restore sets {@code transaction_timeout}, which no older server knows. */
    private static final int SETS_TRANSACTION_TIMEOUT = 17;

    private static final Path DEBIAN = Path.of("/usr/lib/postgresql");
    private static final Pattern VERSION = Pattern.compile("\\(PostgreSQL\\) (\\d+)(?:\\.(\\d+))?");

    Path dump() {
        return folder.resolve("pg_dump");
    }

    Path restore() {
        return folder.resolve("pg_restore");
    }

    /**
     * The oldest programs that know a server of this major: an older program does not, a newer one is second best where the
     * server knows what it sends.
     */
    static Optional<Programs> fitting(int serverMajor) {
        return suiting(serverMajor, installed());
    }

    /** Of several, the one for a server; the newest release of a major. */
    static Optional<Programs> suiting(int serverMajor, List<Programs> installed) {
        return installed.stream()
                .filter(programs -> programs.major() >= serverMajor)
                .filter(programs ->
                        serverMajor >= SETS_TRANSACTION_TIMEOUT || programs.major() < SETS_TRANSACTION_TIMEOUT)
                .min(Comparator.comparingInt(Programs::major)
                        .thenComparing(Comparator.comparingInt(Programs::minor).reversed()));
    }

    /** What is to be said of them where they are older than the security floor. */
    Optional<String> warning() {
        int floor = FLOOR.getOrDefault(major, 0);
        return minor >= floor
                ? Optional.empty()
                : Optional.of("pg_dump and pg_restore in " + folder + " are of PostgreSQL " + major + "." + minor
                        + ": below " + major + "." + floor
                        + " a crafted archive can make pg_restore run code; update postgresql-client-" + major);
    }

    private static List<Programs> installed() {
        List<Path> folders = new ArrayList<>();
        try (Stream<Path> majors = Files.list(DEBIAN)) {
            majors.map(major -> major.resolve("bin")).sorted().forEach(folders::add);
        } catch (IOException notThere) {
            // PATH is left
        }
        for (String entry : System.getenv().getOrDefault("PATH", "").split(":")) {
            if (!entry.isEmpty()) folders.add(Path.of(entry).toAbsolutePath());
        }
        return folders.stream().flatMap(folder -> in(folder).stream()).toList();
    }

    static Optional<Programs> in(Path folder) {
        Path dump = folder.resolve("pg_dump");
        if (!Files.isExecutable(dump) || !Files.isExecutable(folder.resolve("pg_restore"))) return Optional.empty();
        try {
            Process process = new ProcessBuilder(dump.toString(), "--version").start();
            process.getOutputStream().close();
            Matcher version = VERSION.matcher(
                    new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8));
            return version.find()
                    ? Optional.of(new Programs(
                            folder,
                            Integer.parseInt(version.group(1)),
                            version.group(2) == null ? 0 : Integer.parseInt(version.group(2))))
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
