package dev.ripcord.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A real PostgreSQL server of one folder, on the loopback address, that ends when this JVM ends. Starting on a folder
 * that was used before goes on with its data and password. Durable: {@code fsync} and data checksums are on.
 */
public final class EmbeddedPostgres implements AutoCloseable {

    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration LEFTOVER_LIMIT = Duration.ofSeconds(20);
    private static final Duration LIVELY_LIMIT = Duration.ofSeconds(3);

    private final PostgresFolder folder;
    private final PostgresBinaries binaries;
    private final ServerAccount account;
    private final Map<String, String> settings;
    private int port;
    private @Nullable Process postmaster;

    private EmbeddedPostgres(
            PostgresFolder folder, PostgresBinaries binaries, ServerAccount account, Map<String, String> settings) {
        this.folder = folder;
        this.binaries = binaries;
        this.account = account;
        this.settings = settings;
    }

    /**
     * Starts a server with the usual settings.
     *
     * @param dataFolder made if absent
     * @param major 18, or 15 to 17 where the archive with classifier {@code older-postgres} is on the class path
     * @param port 0 for a free one
     * @throws CannotStartException with the reason
     */
    public static EmbeddedPostgres start(Path dataFolder, int major, int port) {
        return start(dataFolder, major, port, Map.of());
    }

    /** As {@link #start(Path, int, int)}, with settings of {@code postgresql.conf} that win over the usual ones. */
    public static EmbeddedPostgres start(Path dataFolder, int major, int port, Map<String, String> settings) {
        PostgresBinaries binaries = PostgresBinaries.of(major);
        ServerAccount account = ServerAccount.current();
        PostgresFolder folder = new PostgresFolder(dataFolder, binaries, account);
        EmbeddedPostgres server = new EmbeddedPostgres(folder, binaries, account, Map.copyOf(settings));
        server.port = Ports.free(port, "PostgreSQL");
        server.launch();
        return server;
    }

    public String host() {
        return Ports.LOOPBACK;
    }

    public int port() {
        return port;
    }

    public String superuser() {
        return PostgresFolder.SUPERUSER;
    }

    /** The superuser's password, drawn when the folder was first used. */
    public String password() {
        try {
            return folder.password();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The version of the programs, for example {@code 18.6.0}. */
    public String version() {
        return binaries.version();
    }

    public int major() {
        return binaries.major();
    }

    /** The folder given at the start; the cluster is in {@code data} below it, the log in {@code server.log}, the one of the start before in {@code server.log.before}. */
    public Path dataFolder() {
        return folder.root();
    }

    /** The postmaster's process id, of the last start. */
    public synchronized long processId() {
        if (postmaster == null) throw new IllegalStateException("the server was never started");
        return postmaster.pid();
    }

    public synchronized boolean running() {
        return postmaster != null && postmaster.isAlive();
    }

    /** How to reach it, for a connection or a new database. */
    public DatabaseServer server() {
        return new DatabaseServer(host(), port, superuser(), password());
    }

    /** A folder beside the cluster, made if absent, that the server's programs may write to. */
    public Path ownFolder(String name) {
        Path own = folder.root().resolve(name);
        try {
            account.ownFolder(own);
            return own;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Runs a program to its end under the account that the server runs under; what it wrote.
     *
     * @throws CannotStartException with what it wrote, where it fails or is not done in time
     */
    public String run(List<String> command, Duration limit) {
        Children.Outcome outcome = Children.run(account.command(command), limit);
        if (outcome.status() == 0) return outcome.output();
        throw new CannotStartException(
                command.getFirst() + " ended with status " + outcome.status() + ": " + outcome.output());
    }

    /** Stops and starts again on the same port; after {@link #kill()} the server recovers from its log. */
    public synchronized void restart() {
        stop();
        launch();
    }

    /** Ends the sessions and stops cleanly within 20 seconds, else stops at once, as a crash would. */
    public synchronized void stop() {
        if (postmaster == null || !postmaster.isAlive()) return;
        stop("fast");
        if (!Children.gone(postmaster, Duration.ofSeconds(20))) stop("immediate");
        if (!Children.gone(postmaster, Duration.ofSeconds(10))) kill();
    }

    /** Stops as a crash would, but leaves nothing behind in shared memory: for folders that are thrown away. */
    synchronized void stopAtOnce() {
        if (!running()) return;
        stop("immediate");
        if (postmaster != null && !Children.gone(postmaster, Duration.ofSeconds(10))) kill();
    }

    private void stop(String mode) {
        Children.run(
                account.command(List.of(
                        binaries.program("pg_ctl").toString(),
                        "stop",
                        "--pgdata=" + folder.data(),
                        "--mode=" + mode,
                        "--no-wait")),
                Duration.ofSeconds(30));
    }

    /** Kills the postmaster without a word, as a fault; the processes it leaves behind end by themselves. */
    public synchronized void kill() {
        if (postmaster == null) return;
        postmaster.destroyForcibly();
        Children.gone(postmaster, Duration.ofSeconds(10));
    }

    /** Same as {@link #stop()}; the folder stays. */
    @Override
    public void close() {
        stop();
    }

    private synchronized void launch() {
        try {
            folder.prepare();
            awaitNoOtherServer();
            folder.configure(settings);
            folder.freshLog();
            Process process = Children.start(new ProcessBuilder(command())
                    .directory(folder.root().toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(folder.log().toFile()));
            postmaster = process;
            awaitReady(process);
        } catch (IOException e) {
            kill();
            throw folder.failure("PostgreSQL cannot start in " + folder.root() + ": " + e, e);
        } catch (RuntimeException e) {
            kill();
            throw e;
        }
    }

    /** Told to stop with the sessions it has (INT), should this JVM die. */
    private List<String> command() {
        return account.tiedCommand(
                "INT",
                List.of(
                        binaries.program("postgres").toString(),
                        "-D",
                        folder.data().toString(),
                        "-c",
                        "port=" + port,
                        "-c",
                        "listen_addresses=" + host(),
                        "-c",
                        "unix_socket_directories=" + folder.sockets()));
    }

    /** One that is stopping, or that was killed and has processes left, is given time; one at work only little. */
    private void awaitNoOtherServer() throws IOException {
        Instant limit = Instant.now().plus(folder.atWork() ? LIVELY_LIMIT : LEFTOVER_LIMIT);
        while (true) {
            List<Long> others = folder.serverProcesses();
            if (others.isEmpty()) break;
            if (Instant.now().isAfter(limit)) {
                throw new CannotStartException("another PostgreSQL server works in " + folder.root() + ", processes "
                        + others + ": stop it first");
            }
            Children.pause(Duration.ofMillis(20));
        }
        folder.forgetDeadServer();
    }

    private void awaitReady(Process process) throws IOException {
        Instant limit = Instant.now().plus(START_LIMIT);
        while (!folder.ready(process.pid())) {
            if (!process.isAlive()) throw failed("ended with status " + process.exitValue());
            if (Instant.now().isAfter(limit)) {
                throw failed("was not ready after " + START_LIMIT.toSeconds() + " s");
            }
            Children.pause(Duration.ofMillis(10));
        }
    }

    private CannotStartException failed(String how) throws IOException {
        String words = folder.lastWords();
        if (words.contains("Address already in use")) {
            return new CannotStartException(
                    "PostgreSQL cannot listen on " + host() + ":" + port + ": the port is taken");
        }
        return folder.failure("PostgreSQL " + how + " in " + folder.root() + ":\n" + words, null);
    }
}
