package dev.ripcord.command.bench;

import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import dev.ripcord.command.CommandFailedException;
import dev.ripcord.command.bench.report.Machine;
import dev.ripcord.command.bench.report.Page;
import dev.ripcord.command.bench.report.PeerRepeat;
import dev.ripcord.command.bench.report.Report;
import dev.ripcord.command.follow.Narrator;
import dev.ripcord.command.sample.Size;
import dev.ripcord.command.stack.Stack;
import dev.ripcord.command.stack.TemporaryStack;
import dev.ripcord.events.KafkaBinding;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Ripcord beside what people do without it, each version with a stack of its own.
 *
 * @param within about so long it may take: repeats, then versions, that would take longer are left out; empty where all are wanted
 * @param command how it was started, for the report
 */
record Comparison(
        List<Size> sizes,
        List<Integer> majors,
        int repeats,
        List<Integer> clients,
        Optional<Duration> within,
        String command) {

    private static final Duration QUIET = Duration.ofMillis(2500);
    private static final EventsBench.Amount EVENTS = new EventsBench.Amount(200, 1000);

    /** With {@link #within}. */
    private static final Duration SHORT_QUIET = Duration.ofSeconds(1);

    private static final EventsBench.Amount FEW_EVENTS = new EventsBench.Amount(20, 50);

    Report run(Narrator tell) {
        long began = System.nanoTime();
        Machine machine = Machine.here();
        machine.lines().forEach(tell::plain);
        Calm calm = new Calm(machine);
        PeersBench bench = within.isPresent()
                ? new PeersBench(tell, calm, repeats, clients, SHORT_QUIET, FEW_EVENTS)
                : new PeersBench(tell, calm, repeats, clients, QUIET, EVENTS);
        for (int i = 0; i < majors.size(); i++) {
            int major = majors.get(i);
            long spent = System.nanoTime() - began;
            if (i > 0 && within.isPresent() && spent + spent / i > within.get().toNanos()) {
                bench.note("left out: PostgreSQL " + major + ", for which this machine was too slow within the time");
                continue;
            }
            int left = majors.size() - i;
            within.ifPresent(all -> bench.until(began + spent + (all.toNanos() - spent) * 2 / 3 / left));
            TemporaryStack.use("bench", bytesNeeded(), stack -> run(bench, stack, major));
        }
        Report report = new Report(
                command,
                (System.nanoTime() - began) / 1_000_000_000,
                machine,
                calm.lines(),
                calm.noisy(),
                bench.notes(),
                bench.figures(),
                bench.suites());
        tell.plain("");
        report.fits().forEach(tell::plain);
        report.surroundings().forEach(tell::plain);
        return report;
    }

    /** Each size is there four times, and the copies of the largest while it is measured; the log besides. */
    private long bytesNeeded() {
        long sum = sizes.stream().mapToLong(Size::megabytes).sum();
        long largest = sizes.stream().mapToLong(Size::megabytes).max().orElseThrow();
        return (sum * 4 + largest * 4 + 2500) << 20;
    }

    private int run(PeersBench bench, Stack stack, int major) {
        try {
            bench.run(stack, major, sizes);
            return major;
        } catch (SQLException e) {
            throw new CommandFailedException("the server refused: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Medians as JSON, one record for each method, version, size and number of clients. */
    static void writeJson(Report report, Path file) {
        write(file, report.figures());
    }

    /** Every repeat, one a line. */
    static void writeCsv(Report report, Path file) {
        CsvMapper mapper = new CsvMapper();
        CsvSchema schema = mapper.schemaFor(PeerRepeat.class).withHeader();
        List<PeerRepeat> all = report.figures().stream()
                .flatMap(figures -> figures.each().stream())
                .toList();
        try {
            mapper.writer(schema).writeValue(file.toFile(), all);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One page with plots. */
    static void writeHtml(Report report, Path file) {
        try {
            Files.writeString(file, Page.of(report));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Any figures as JSON. */
    static void write(Path file, Object figures) {
        try {
            KafkaBinding.JSON.writerWithDefaultPrettyPrinter().writeValue(file.toFile(), figures);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
