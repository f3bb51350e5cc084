package dev.ripcord.embedded;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A Java program in a process of its own that ends when this JVM ends, also when this JVM is killed (Linux with
 * {@code setpriv}). Its output goes to a log file.
 */
public final class ServiceProcess implements AutoCloseable {

    private static final Duration STOP_LIMIT = Duration.ofSeconds(15);
    private static final int PROBE_MILLIS = 2000;

    private final JavaProgram program;
    private volatile Process process;
    private volatile Instant started;
    private volatile long logStart;
    private volatile @Nullable Duration startup;

    private ServiceProcess(JavaProgram program) throws IOException {
        this.program = program;
        Files.createDirectories(program.log().toAbsolutePath().getParent());
        this.logStart = logSize();
        this.started = Instant.now();
        this.process = launch();
    }

    /**
     * Starts the program and returns at once; {@link #awaitReady()} waits.
     *
     * @throws CannotStartException where there is no such file, or no process can be made
     */
    public static ServiceProcess start(JavaProgram program) {
        try {
            return new ServiceProcess(program);
        } catch (IOException e) {
            throw new CannotStartException(program.name() + " cannot start: " + e.getMessage(), e);
        }
    }

    /**
     * Waits until the program is ready.
     *
     * @return this
     * @throws CannotStartException if it ended or the limit passed first, with its last words; it is then not running
     */
    public ServiceProcess awaitReady() {
        Instant limit = started.plus(program.limit());
        while (!ready()) {
            if (!process.isAlive()) throw failed("ended with status " + process.exitValue());
            if (Instant.now().isAfter(limit)) {
                kill();
                throw failed("was not ready after " + program.limit().toMillis() + " ms");
            }
            Children.pause(Duration.ofMillis(20));
        }
        startup = Duration.between(started, Instant.now());
        return this;
    }

    public String name() {
        return program.name();
    }

    public Path log() {
        return program.log();
    }

    public long processId() {
        return process.pid();
    }

    public boolean running() {
        return process.isAlive();
    }

    /** From the start of the process until it was found ready, in milliseconds; -1 if it was not yet. */
    public long startupMillis() {
        Duration known = startup;
        return known == null ? -1 : known.toMillis();
    }

    /** The memory of this machine the process holds now, in bytes; -1 where the system does not tell, or it has ended. */
    public long residentBytes() {
        try (var lines = Files.lines(Path.of("/proc", Long.toString(processId()), "status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                    .findFirst()
                    .orElse(-1);
        } catch (IOException e) {
            return -1;
        }
    }

    /** Asks it to end and waits up to 15 seconds, then kills it. */
    public void stop() {
        stop(STOP_LIMIT);
    }

    /** Asks it to end and waits up to the limit, then kills it. */
    public void stop(Duration limit) {
        process.destroy();
        if (!Children.gone(process, limit)) kill();
    }

    /** Kills it without a word, as a fault, and waits until it is gone. */
    public void kill() {
        process.destroyForcibly();
        Children.gone(process, STOP_LIMIT);
    }

    /** Stops it if it runs, starts it again and waits until it is ready. */
    public ServiceProcess restart() {
        stop();
        try {
            startup = null;
            logStart = logSize();
            started = Instant.now();
            process = launch();
        } catch (IOException e) {
            throw new CannotStartException(program.name() + " cannot start: " + e.getMessage(), e);
        }
        return awaitReady();
    }

    @Override
    public void close() {
        stop();
    }

    private Process launch() throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(program.arguments());
        ProcessBuilder builder = new ProcessBuilder(TiedCommand.of("KILL", command))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(program.log().toFile()));
        builder.environment().putAll(program.environment());
        return Children.start(builder);
    }

    private boolean ready() {
        return switch (program.readiness()) {
            case Readiness.Answer answer -> answers(answer.address());
            case Readiness.Line line -> said().contains(line.text());
        };
    }

    private static boolean answers(URI address) {
        try {
            HttpURLConnection connection = (HttpURLConnection) address.toURL().openConnection();
            connection.setConnectTimeout(PROBE_MILLIS);
            connection.setReadTimeout(PROBE_MILLIS);
            connection.setUseCaches(false);
            try {
                return connection.getResponseCode() < 300;
            } finally {
                connection.disconnect();
            }
        } catch (IOException notYet) {
            return false;
        }
    }

    private long logSize() throws IOException {
        return Files.exists(program.log()) ? Files.size(program.log()) : 0;
    }

    /** What it wrote since its last start. */
    private String said() {
        try (RandomAccessFile log = new RandomAccessFile(program.log().toFile(), "r")) {
            byte[] text = new byte[(int) Math.max(0, log.length() - logStart)];
            log.seek(logStart);
            log.readFully(text);
            return new String(text, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    private CannotStartException failed(String how) {
        List<String> lines = said().lines().toList();
        String words = lines.stream().skip(Math.max(0, lines.size() - 20)).collect(Collectors.joining("\n"));
        return new CannotStartException(program.name() + " " + how + ", its log " + program.log() + " ends:\n" + words);
    }
}
