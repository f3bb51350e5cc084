package dev.ripcord.command.operate;

import dev.ripcord.command.CommandFailedException;
import dev.ripcord.command.demo.StartRecording;
import dev.ripcord.command.follow.Narrator;
import dev.ripcord.command.follow.Waiting;
import dev.ripcord.command.sample.Size;
import dev.ripcord.command.stack.StackFolder;
import dev.ripcord.command.stack.StackPorts;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ripcord up}. */
@Command(
        name = "up",
        description = "Leaves the whole stack running in the background, on a data folder that survives restarts.")
public final class UpCommand implements Callable<Integer> {

    /** For all but the rows of the sample, of which a slow disk takes a megabyte a second. */
    private static final Duration LIMIT = Duration.ofMinutes(10);

    @Option(names = "--data", paramLabel = "DIR", description = "Folder of the data; default: below your data folder")
    private Path data = DataFolder.usual();

    @Option(names = "--port-offset", paramLabel = "N", description = "Added to every port, for a second stack")
    private int portOffset;

    @Option(
            names = "--size",
            defaultValue = "100MB",
            description = "Size of the sample database when it is made, ${DEFAULT-VALUE}")
    private Size size = new Size(100);

    @Override
    public Integer call() throws IOException {
        StackFolder folder = StackFolder.at(data);
        Running running = new Running(folder.root());
        if (running.held()) {
            Running.Card card = running.card()
                    .orElseThrow(() -> new CommandFailedException("the stack on " + data
                            + " is just starting or stopping: try again, or stop it with ripcord down"));
            System.out.println("It is running already.");
            StatusCommand.print(card, System.out);
            return 0;
        }
        running.remove();
        StackPorts.usual(portOffset).requireFree();
        Path log = folder.log("stack");
        StartRecording.ensure(new Narrator(System.out));
        Files.createDirectories(log.getParent());
        Files.deleteIfExists(log);
        Process process = new ProcessBuilder(command(folder.root()))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        process.getOutputStream().close();
        AtomicBoolean comingUp = new AtomicBoolean(true);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            if (comingUp.get()) process.destroy(); // it is in no terminal that would tell it
        }));
        follow(process, running, log, LIMIT.plusSeconds(size.megabytes()));
        comingUp.set(false);
        System.out.println();
        StatusCommand.print(
                running.card().orElseThrow(() -> new CommandFailedException("the stack has ended again: see " + log)),
                System.out);
        System.out.println("\nStop it with: ripcord down" + (data.equals(DataFolder.usual()) ? "" : " --data " + data));
        return 0;
    }

    /** Shows what it says until it is up. */
    private static void follow(Process process, Running running, Path log, Duration limit) {
        List<String> shown = new ArrayList<>();
        Waiting.until(
                () -> {
                    show(log, shown);
                    return !process.isAlive() || running.card().isPresent();
                },
                limit);
        show(log, shown);
        if (!process.isAlive()) throw new CommandFailedException("the stack does not start, see above and " + log);
        if (running.card().isPresent()) return;
        process.destroy();
        throw new CommandFailedException("the stack was not up after " + limit.toMinutes() + " minutes, see " + log);
    }

    private static void show(Path log, List<String> shown) {
        try {
            List<String> lines = Files.readAllLines(log);
            lines.stream().skip(shown.size()).forEach(System.out::println);
            shown.addAll(lines.subList(shown.size(), lines.size()));
        } catch (IOException e) {
            throw new CommandFailedException("cannot read " + log + ": " + e, e);
        }
    }

    /** In a session of its own, so that it lives on when this terminal closes. */
    private List<String> command(Path root) {
        List<String> command = new ArrayList<>();
        if (Files.isExecutable(Path.of("/usr/bin/setsid"))) command.add("/usr/bin/setsid");
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "dev.ripcord.command.Ripcord", "serve"));
        command.addAll(List.of("--data", root.toString(), "--port-offset", Integer.toString(portOffset)));
        command.addAll(List.of("--size", size.toString()));
        return command;
    }
}
