package dev.ripcord.snapshot.provider.archive;

import dev.ripcord.databases.DatabaseFailure;
import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.databases.EnrolledDatabase.Role;
import dev.ripcord.databases.EnrolledDatabase.Server;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One run of a client program, ended when its time is over. It is told where to connect by plain options, its password by
 * a file that only this account can read, and nothing by this process's own environment.
 */
final class ClientProcess implements AutoCloseable {

    /** Words of the client library, whatever the server's language. */
    private static final Pattern NOT_LET_IN =
            Pattern.compile("(pg_[a-z]+: (error|detail): .*?)?connection to server .*? failed:");

    /** Its session was ended: mostly words of the client library, too. */
    private static final Pattern CUT_OFF = Pattern.compile("pg_[a-z]+: (error|detail): .*?(FATAL|PANIC):  "
            + "|(pg_[a-z]+: (error|detail): .*?)?("
            + "server closed the connection unexpectedly|could not (receive data from|send data to) server:"
            + "|SSL connection has been closed unexpectedly|SSL SYSCALL error|no connection to the server)");

    /** What a server says of a statement, which may quote anything. */
    private static final String OF_A_STATEMENT = "ERROR:";

    /** What it says when it has no room, and when it may not write; enrolling has it say so in English. */
    private static final Map<String, Pattern> OF_THE_SERVER = Map.of(
            "53100",
            Pattern.compile("pg_[a-z]+: .*?ERROR:  could not .*(?:No space left on device|Disk quota exceeded"
                    + "|wrote only \\d+ of \\d+ bytes at block \\d+)"),
            "25006",
            Pattern.compile("pg_[a-z]+: .*?ERROR:  cannot execute .* (?:in a read-only transaction|during recovery)"));

    /**
     * What it says when it cannot read or write a file, or start a process, in the words of the machine; what a server says of its own
     * files comes after two spaces.
     */
    private static final Pattern OF_A_FILE = Pattern.compile(
            "pg_[a-z]+: error: (?!.*:  ).*: (?:Input/output error|Permission denied|Operation not permitted"
                    + "|No such file or directory|No such device|Read-only file system|No space left on device|Disk quota exceeded"
                    + "|Stale file handle|Too many open files(?: in system)?|Too many levels of symbolic links"
                    + "|Transport endpoint is not connected|Host is down|Connection timed out|Cannot allocate memory"
                    + "|Resource temporarily unavailable)");

    private final String name;
    private final Process process;
    private final @Nullable Path passwords;
    private final Path output;
    private final long until;
    private final LastWords said = new LastWords();
    private final Consumer<String> heard;
    private final Thread listener;
    private volatile boolean notLetIn;
    private volatile boolean cutOff;
    private volatile boolean ofAFile;
    private volatile @Nullable String ofTheServer;

    private ClientProcess(
            Path program,
            List<String> arguments,
            Map<String, String> environment,
            @Nullable Path passwords,
            Duration limit,
            Consumer<String> heard)
            throws IOException {
        this.name = String.valueOf(program.getFileName());
        this.passwords = passwords;
        this.heard = heard;
        this.until = System.nanoTime() + limit.toNanos();
        this.output = Files.createTempFile("ripcord-", ".out");
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(output.toFile());
        builder.environment().keySet().removeIf(variable -> variable.startsWith("PG"));
        builder.environment().putAll(environment);
        builder.environment().put("LC_ALL", "C");
        this.process = started(builder, output);
        process.getOutputStream().close();
        this.listener = Thread.ofVirtual().name(name).start(this::listen);
    }

    private static Process started(ProcessBuilder builder, Path output) throws IOException {
        try {
            return builder.start();
        } catch (IOException e) {
            Files.deleteIfExists(output);
            throw e;
        }
    }

    /**
     * Starts a program that connects to a database as this role.
     *
     * @param application what its sessions are called on the server
     */
    static ClientProcess connected(
            Path program,
            EnrolledDatabase database,
            Role role,
            String name,
            String application,
            List<String> arguments) {
        Duration limit = database.snapshot().limit();
        return connected(program, database, role, name, application, arguments, limit, line -> {});
    }

    /**
     * As above.
     *
     * @param limit how long it may take
     * @param heard gets each line that it writes to its standard error
     */
    static ClientProcess connected(
            Path program,
            EnrolledDatabase database,
            Role role,
            String name,
            String application,
            List<String> arguments,
            Duration limit,
            Consumer<String> heard) {
        Server server = database.server();
        List<String> all = new ArrayList<>(List.of(
                "--host=" + server.host(),
                "--port=" + server.port(),
                "--username=" + role.user(),
                "--no-password",
                "--dbname=" + name));
        all.addAll(arguments);
        try {
            Path passwords = PasswordFile.write(server, role);
            try {
                return new ClientProcess(
                        program, all, environment(server, passwords, application), passwords, limit, heard);
            } catch (IOException e) {
                Files.deleteIfExists(passwords);
                throw e;
            }
        } catch (IOException e) {
            throw notStarted(program, e);
        }
    }

    private static UncheckedIOException notStarted(Path program, IOException failure) {
        return new UncheckedIOException(program + " cannot be started: " + failure + "; see to this machine", failure);
    }

    private static Map<String, String> environment(Server server, Path passwords, String application) {
        Map<String, String> environment = new java.util.HashMap<>(Map.of(
                "PGPASSFILE",
                passwords.toString(),
                "PGCONNECT_TIMEOUT",
                "10",
                "PGAPPNAME",
                application,
                // as sessions have it: amounts of money are read where the database has no setting of its own, and the
                // locks
                // of a machine that is gone are let go
                "PGOPTIONS",
                "-c lc_monetary=C -c tcp_keepalives_idle=30 -c tcp_keepalives_interval=10 -c tcp_keepalives_count=3"));
        environment.put(
                "PGSSLMODE",
                switch (server.tls()) {
                    case disable -> "disable";
                    case require -> "require";
                    case verifyFull -> "verify-full";
                });
        if (server.ca() != null) environment.put("PGSSLROOTCERT", server.ca());
        return environment;
    }

    /** Starts a program that only reads files. */
    static ClientProcess local(Path program, List<String> arguments, Duration limit) {
        try {
            return new ClientProcess(program, arguments, Map.of(), null, limit, line -> {});
        } catch (IOException e) {
            throw notStarted(program, e);
        }
    }

    /** As {@link #output}, as text: names are in the database's encoding, whatever that is, and may not be readable. */
    String await() throws FailedException {
        return new String(output(), StandardCharsets.UTF_8);
    }

    /**
     * Waits for its end; what it wrote to its standard output.
     *
     * @throws FailedException with its last words, or when its time is over
     * @throws DatabaseFailure with its last words, if the server did not let it in, has no room or may not write: that passes
     * @throws IllegalStateException with its last words, if the server ended its sessions: that may pass, or be its own doing
     */
    byte[] output() throws FailedException {
        try {
            if (!process.waitFor(Math.max(0, until - System.nanoTime()), TimeUnit.NANOSECONDS)) {
                throw new FailedException(name + " was not done in time and was stopped", true, false);
            }
            listener.join(Duration.ofSeconds(2));
            if (process.exitValue() != 0) {
                String failure = name + " ended with status " + process.exitValue() + ": " + said;
                if (cutOff) throw new IllegalStateException(failure);
                if (notLetIn) throw new DatabaseFailure(failure);
                if (ofTheServer != null) throw new DatabaseFailure(failure, ofTheServer);
                throw new FailedException(failure, false, ofAFile);
            }
            return Files.readAllBytes(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while " + name + " ran", e);
        }
    }

    /** Ends it with the processes it has started, where it still runs. */
    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        try {
            if (passwords != null) Files.deleteIfExists(passwords);
            Files.deleteIfExists(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void listen() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (said.heard(line)) judge(line);
            }
        } catch (IOException e) {
            // it has ended
        }
    }

    private void judge(String line) {
        heard.accept(line);
        String words = line.split(OF_A_STATEMENT, 2)[0];
        if (NOT_LET_IN.matcher(words).lookingAt()) notLetIn = true;
        else if (CUT_OFF.matcher(words).lookingAt()) cutOff = true;
        else if (OF_A_FILE.matcher(line).matches()) ofAFile = true;
        OF_THE_SERVER.forEach((state, pattern) -> {
            if (pattern.matcher(line).matches()) ofTheServer = state;
        });
    }

    /** The program did not do what it was asked for, and what it said. */
    static final class FailedException extends Exception {
        private static final long serialVersionUID = 1;

        private final boolean late;
        private final boolean ofAFile;

        FailedException(String message) {
            this(message, false, false);
        }

        private FailedException(String message, boolean late, boolean ofAFile) {
            super(message);
            this.late = late;
            this.ofAFile = ofAFile;
        }

        /** Whether its time was over: a second attempt would take as long. */
        boolean late() {
            return late;
        }

        /** Whether it could not read or write a file: that says nothing of what is in it. */
        boolean ofAFile() {
            return ofAFile;
        }
    }
}
