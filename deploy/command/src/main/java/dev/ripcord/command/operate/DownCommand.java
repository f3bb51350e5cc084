package dev.ripcord.command.operate;

import dev.ripcord.command.CommandFailedException;
import dev.ripcord.command.follow.Waiting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ripcord down}. */
@Command(name = "down", description = "Stops the stack that `up` left running; its data stays.")
public final class DownCommand implements Callable<Integer> {

    private static final Duration LIMIT = Duration.ofSeconds(90);

    @Option(names = "--data", paramLabel = "DIR", description = "Folder of the data; default: below your data folder")
    private Path data = DataFolder.usual();

    @Override
    public Integer call() {
        Running running = new Running(data.toAbsolutePath());
        if (!running.held()) {
            System.out.println("Nothing is running on " + data + ".");
            return 0;
        }
        Optional<Running.Card> card = running.card();
        if (card.isEmpty()) {
            throw new CommandFailedException("the stack on " + data + " is just starting or stopping: try again");
        }
        System.out.println("Stopping the stack on " + data + " …");
        ProcessHandle.of(card.get().pid()).ifPresent(ProcessHandle::destroy);
        if (!Waiting.until(() -> !running.held(), LIMIT)) {
            throw new CommandFailedException("process " + card.get().pid() + " has not ended after " + LIMIT.toSeconds()
                    + " s: see " + data.resolve("logs"));
        }
        System.out.println("Stopped. The data stays in " + data + "; ripcord up goes on with it.");
        return 0;
    }
}
