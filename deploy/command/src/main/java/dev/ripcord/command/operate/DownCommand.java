package dev.ripcord.command.operate;

import dev.ripcord.command.CommandFailedException;
import dev.ripcord.command.follow.Waiting;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
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
    public Integer call() throws IOException {
        Running running = new Running(data.toAbsolutePath());
        if (!running.held()) {
            System.out.println("Nothing is running on " + data + ".");
            return 0;
        }
        ProcessHandle process = running.process()
                .orElseThrow(() -> new CommandFailedException(
                        "the stack on " + data + " is just starting or stopping: try again"));
        System.out.println("Stopping the stack on " + data + " …");
        process.destroy();
        if (!Waiting.until(() -> !running.held(), LIMIT)) {
            throw new CommandFailedException("process " + process.pid() + " has not ended after " + LIMIT.toSeconds()
                    + " s: see " + data.resolve("logs"));
        }
        System.out.println("Stopped. The data stays in " + data + "; ripcord up goes on with it.");
        return 0;
    }
}
