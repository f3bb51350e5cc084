package dev.ripcord.command.demo;

import com.fasterxml.jackson.databind.ObjectWriter;
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
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ripcord demo}. */
@Command(
        name = "demo",
        description = "Shows the whole thing on this machine: a database under load, a bad migration, a rollback."
                + " Needs nothing but a JDK; nothing is left behind.")
public final class DemoCommand implements Callable<Integer> {

    private static final ObjectWriter JSON = KafkaBinding.JSON.writerWithDefaultPrettyPrinter();

    @Option(names = "--size", defaultValue = "100MB", description = "Size of the sample database, ${DEFAULT-VALUE}")
    private Size size = new Size(100);

    @Option(names = "--summary", paramLabel = "FILE", description = "Write the figures there, as JSON")
    private @Nullable Path summaryFile;

    @Option(names = "--verbose", description = "On a failure show the ends of the services' logs")
    private boolean verbose;

    @Override
    public Integer call() throws IOException {
        StartRecording.ensure(new Narrator(System.out));
        Narrator tell = new Narrator(System.out);
        Shown shown = TemporaryStack.use(
                "demo",
                size.bytesNeeded(),
                stack -> new Shown(run(stack, tell), stack.folder().root()));
        if (shown.summary().isEmpty()) return 1;
        Summary summary = shown.summary().get().stopped(Processes.leftOf(shown.folder()));
        if (summaryFile != null) JSON.writeValue(summaryFile.toFile(), summary);
        new Report(summary, System.out).print();
        return summary.problems().isEmpty() ? 0 : 1;
    }

    private record Shown(Optional<Summary> summary, Path folder) {}

    private Optional<Summary> run(Stack stack, Narrator tell) {
        try {
            return Optional.of(new Demo(stack, size, tell).run());
        } catch (DemoFailedException | SQLException | IOException e) {
            if (!stack.closed()) failed(stack, tell, e);
            return Optional.empty();
        }
    }

    private void failed(Stack stack, Narrator tell, Exception failure) {
        tell.step("FAILED: " + failure.getMessage());
        Path logs = stack.folder().root().resolve("logs");
        if (!verbose) {
            tell.plain("Run it again with --verbose to see the services' logs.");
            return;
        }
        try (var files = Files.list(logs)) {
            for (Path log : files.sorted().toList()) {
                tell.plain("--- " + log.getFileName());
                var lines = Files.readAllLines(log);
                lines.stream().skip(Math.max(0, lines.size() - 60)).forEach(tell::plain);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
