package dev.ripcord.command.bench;

import dev.ripcord.command.bench.report.Machine;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.CRC32C;

/**
 * Whether other programs disturb the figures: before each repeat, when nothing of ours is busy, the same work is done on all
 * processors. What it takes longer than at best, somebody else had the processors for.
 */
final class Calm {

    private static final int WORK_BYTES = 16 << 20;
    private static final int WARM_UP = 5;

    /** A median this much above the best is more than the servers' own housekeeping. */
    private static final double NOISY = 1.3;

    private final Machine machine;
    private final Series millis = new Series();
    private final byte[] work = new byte[WORK_BYTES];

    Calm(Machine machine) {
        this.machine = machine;
        for (int i = 0; i < WARM_UP; i++) millis();
    }

    /** Does the work once. */
    void look() {
        millis.add(millis());
    }

    /** Whether the figures are to be read with care. */
    boolean noisy() {
        return machine.load() > machine.processors() / 2.0 || millis.median() > NOISY * millis.best();
    }

    /** For people. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                "the same work before each repeat: %.1f ms at best, median %.1f, at worst %.1f",
                millis.best(),
                millis.median(),
                millis.worst()));
        if (noisy()) {
            lines.add("NOISY: other programs had a part of this machine; read the ratios, not the times, and trust"
                    + " none whose spread is large");
        }
        return lines;
    }

    private double millis() {
        long began = System.nanoTime();
        try (ExecutorService threads = Executors.newFixedThreadPool(machine.processors())) {
            List<Future<Long>> all = new ArrayList<>();
            for (int i = 0; i < machine.processors(); i++) all.add(threads.submit(this::checksum));
            for (Future<Long> each : all) each.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return (System.nanoTime() - began) / 1e6;
    }

    private long checksum() {
        CRC32C sum = new CRC32C();
        for (int i = 0; i < 4; i++) sum.update(work);
        return sum.getValue();
    }
}
