package dev.ripcord.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One server's folder: {@code data} (the cluster), {@code password} (the superuser's), {@code server.log}, sockets. */
final class PostgresFolder {

    static final String SUPERUSER = "postgres";

    /** A socket's address holds 107 bytes; longer ones are refused by the server. */
    private static final int LONGEST_SOCKET_FOLDER = 107 - "/.s.PGSQL.65535".length();

    private final Path root;
    private final PostgresBinaries binaries;
    private final ServerAccount account;

    PostgresFolder(Path root, PostgresBinaries binaries, ServerAccount account) {
        this.root = root.toAbsolutePath().normalize();
        this.binaries = binaries;
        this.account = account;
    }

    Path root() {
        return root;
    }

    Path data() {
        return root.resolve("data");
    }

    Path log() {
        return root.resolve("server.log");
    }

    /** The folder for Unix sockets, empty where its path is too long for one. */
    String sockets() {
        return root.toString().length() > LONGEST_SOCKET_FOLDER ? "" : data().toString();
    }

    String password() throws IOException {
        return Files.readString(root.resolve("password")).strip();
    }

    /** Makes the cluster if there is none; one of another major is refused. */
    void prepare() throws IOException {
        account.reachableFolder(root);
        if (Files.isDirectory(data())) {
            requireSameMajor();
        } else {
            initialise();
        }
        account.own(data());
    }

    private void requireSameMajor() throws IOException {
        String major = Files.readString(data().resolve("PG_VERSION")).strip();
        if (!major.equals(Integer.toString(binaries.major()))) {
            throw new CannotStartException(
                    root + " holds a cluster of PostgreSQL " + major + ", not " + binaries.major());
        }
    }

    private void initialise() throws IOException {
        Path password = root.resolve("password");
        byte[] random = new byte[16];
        new SecureRandom().nextBytes(random);
        Files.deleteIfExists(password);
        Files.createFile(password, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(password, HexFormat.of().formatHex(random));

        Path unfinished = root.resolve("data.unfinished");
        if (Files.exists(unfinished)) PostgresBinaries.delete(unfinished);
        account.ownFolder(unfinished);
        account.own(password);
        Children.Outcome outcome = initdb(unfinished, password, "C.UTF-8");
        if (outcome.output().contains("invalid locale name")) outcome = initdb(unfinished, password, "C");
        if (outcome.status() != 0) {
            throw failure("initdb could not make a PostgreSQL cluster in " + root + ":\n" + outcome.output(), null);
        }
        Files.writeString(
                unfinished.resolve("postgresql.conf"), "\ninclude = 'ripcord.conf'\n", StandardOpenOption.APPEND);
        Files.move(unfinished, data(), StandardCopyOption.ATOMIC_MOVE);
    }

    private Children.Outcome initdb(Path target, Path password, String locale) {
        List<String> command = List.of(
                binaries.program("initdb").toString(),
                "--pgdata=" + target,
                "--username=" + SUPERUSER,
                "--auth=scram-sha-256",
                "--pwfile=" + password,
                "--encoding=UTF8",
                "--locale=" + locale,
                "--data-checksums");
        return Children.run(account.command(command), Duration.ofMinutes(2));
    }

    /** The exception for a failure, a full disk named plainly. */
    CannotStartException failure(String message, @Nullable Exception cause) {
        boolean full = message.contains("No space left on device") || message.contains("Check free disk space");
        String plain = full ? "no space left on the disk of " + root + " for PostgreSQL" : message;
        return cause == null ? new CannotStartException(plain) : new CannotStartException(plain, cause);
    }

    /** Writes the settings of this start; what {@code ALTER SYSTEM} changed wins over them. */
    void configure(Map<String, String> extra) throws IOException {
        Map<String, String> settings = new HashMap<>(Map.of(
                "wal_level", "logical",
                "max_connections", "200",
                "shared_buffers", "128MB",
                "max_prepared_transactions", "10",
                "fsync", "on",
                "timezone", "UTC",
                "log_timezone", "UTC",
                "logging_collector", "off",
                "log_line_prefix", "%m [%p] %q%u@%d "));
        if (binaries.major() >= 18 && canShareBlocks()) settings.put("file_copy_method", "clone");
        settings.putAll(extra);
        Path file = data().resolve("ripcord.conf");
        Files.writeString(
                file,
                settings.entrySet().stream()
                        .map(setting ->
                                setting.getKey() + " = '" + setting.getValue().replace("'", "''") + "'\n")
                        .sorted()
                        .collect(Collectors.joining()));
        account.own(file);
    }

    /** Whether the file system can copy a file by sharing its blocks. */
    private boolean canShareBlocks() throws IOException {
        Path original = Files.writeString(root.resolve("share-probe"), "x".repeat(8192));
        Path copy = root.resolve("share-probe-copy");
        try {
            return Children.run(
                                    List.of("cp", "--reflink=always", original.toString(), copy.toString()),
                                    Duration.ofSeconds(10))
                            .status()
                    == 0;
        } catch (CannotStartException noSuchProgram) {
            return false;
        } finally {
            Files.deleteIfExists(original);
            Files.deleteIfExists(copy);
        }
    }

    /** The processes of a server that works in this folder, the postmaster or what it left behind. */
    List<Long> serverProcesses() throws IOException {
        List<Long> found = new ArrayList<>();
        if (!Files.isDirectory(Path.of("/proc"))) return found;
        Path data = data().toRealPath();
        try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
            all.map(ProcessHandle::pid)
                    .filter(process -> worksIn(process, data))
                    .forEach(found::add);
        }
        return found;
    }

    private static boolean worksIn(long process, Path folder) {
        try {
            return Files.readSymbolicLink(Path.of("/proc", Long.toString(process), "cwd"))
                    .equals(folder);
        } catch (IOException goneOrNotOurs) {
            return false;
        }
    }

    /** Whether a server that accepts connections works in this folder. */
    boolean atWork() throws IOException {
        for (long process : serverProcesses()) if (ready(process)) return true;
        return false;
    }

    /**
     * Removes the lock file of a server that is gone where its process id is another program's now, which PostgreSQL
     * could not tell. Only to be called when no process works in the folder.
     */
    void forgetDeadServer() throws IOException {
        Path lock = data().resolve("postmaster.pid");
        if (!Files.exists(lock)) return;
        String process =
                Files.readAllLines(lock).stream().findFirst().orElse("").strip();
        boolean another = process.matches("\\d{1,10}")
                && ProcessHandle.of(Long.parseLong(process)).isPresent();
        if (another) Files.delete(lock);
    }

    /** Whether the postmaster of that process id has said in its lock file that it accepts connections. */
    boolean ready(long process) throws IOException {
        Path lock = data().resolve("postmaster.pid");
        if (!Files.exists(lock)) return false;
        List<String> lines = Files.readAllLines(lock);
        return lines.size() >= 8
                && lines.getFirst().strip().equals(Long.toString(process))
                && lines.get(7).strip().equals("ready");
    }

    /** Begins a new log and keeps the one before. */
    void freshLog() throws IOException {
        if (!Files.exists(log())) return;
        Files.move(log(), root.resolve("server.log.before"), StandardCopyOption.REPLACE_EXISTING);
    }

    /** The last lines of the server's log. */
    String lastWords() throws IOException {
        if (!Files.exists(log())) return "";
        List<String> lines = Files.readAllLines(log());
        return lines.stream().skip(Math.max(0, lines.size() - 15)).collect(Collectors.joining("\n"));
    }
}
