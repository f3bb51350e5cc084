package dev.ripcord.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Starts child processes, all from one thread that lives as long as this JVM: Linux sends the signal that ties a child
 * to its parent when the <em>thread</em> that started it ends.
 */
final class Children {

    private static final ThreadPoolExecutor STARTER =
            new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), Children::thread);

    /** What a program that ran to its end left behind: its exit status, and its output and error text in one. */
    record Outcome(int status, String output) {}

    private Children() {}

    private static Thread thread(Runnable work) {
        return Thread.ofPlatform().daemon().name("ripcord-children").unstarted(work);
    }

    /** Starts a process; an interrupt while waiting for that ends in an exception, with nothing left running. */
    static Process start(ProcessBuilder builder) throws IOException {
        Future<Process> started = STARTER.submit(builder::start);
        try {
            return started.get();
        } catch (InterruptedException e) {
            if (!started.cancel(false)) started.resultNow().destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException(
                    "interrupted while starting " + builder.command().getFirst(), e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException io) throw io;
            throw new IllegalStateException(e.getCause());
        }
    }

    /** Runs a program to its end, its messages in English, or kills it at the limit and fails. */
    static Outcome run(List<String> command, Duration limit) {
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().put("LC_ALL", "C");
            Process process = start(builder);
            process.getOutputStream().close();
            Thread guard = Thread.ofVirtual().start(() -> endAfter(process, limit));
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int status = process.waitFor();
            guard.interrupt();
            return new Outcome(status, output.strip());
        } catch (IOException e) {
            throw new CannotStartException("cannot run " + command.getFirst() + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CannotStartException("interrupted while running " + command.getFirst(), e);
        }
    }

    private static void endAfter(Process process, Duration limit) {
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) process.destroyForcibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Lets a moment pass before one looks again; an interrupt ends the waiting with an exception. */
    static void pause(Duration moment) {
        try {
            Thread.sleep(moment);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CannotStartException("interrupted while waiting for a process", e);
        }
    }

    /** Waits until a process is gone: true if it is, false at the limit. */
    static boolean gone(Process process, Duration limit) {
        try {
            return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return !process.isAlive();
        }
    }
}
