package dev.ripcord.command.torture;

import dev.ripcord.command.stack.Service;
import dev.ripcord.embedded.ServiceProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Of two rollback services the one that works on a rollback is stopped for longer than its lease, in the middle of a step,
 * and wakes up when the other has done its work.
 */
final class FrozenOwner implements Trial {

    private static final Duration LONGER_THAN_THE_LEASE = Duration.ofSeconds(8);
    private static final List<Mark> MARKS =
            Mark.ALL.stream().filter(mark -> !mark.cold()).toList();

    private @Nullable ServiceProcess second;

    @Override
    public String name() {
        return "frozen-owner";
    }

    @Override
    public Ground.Kind ground() {
        return Ground.Kind.CLONE;
    }

    @Override
    public int runs(boolean quick) {
        return quick ? 1 : 24;
    }

    @Override
    public void prepare(Ground ground) {
        second = ground.stack().another(Service.ROLLBACK);
    }

    @Override
    public void finish(Ground ground) {
        if (second != null) second.stop();
    }

    @Override
    public List<String> run(Ground ground, Run run) throws Exception {
        Mark mark = MARKS.get(run.oneOf(MARKS.size()));
        try (Story story = Story.broken(ground);
                Brake brake = Brake.set(ground.server(), mark, story.rollback)) {
            story.request();
            List<String> violations = new ArrayList<>();
            if (brake.holds(Ground.LIMIT)) {
                long owner = ownerOf(ground.clientPort(brake.clientPort()), ground);
                signal("STOP", owner);
                try {
                    brake.release();
                    Thread.sleep(LONGER_THAN_THE_LEASE);
                } finally {
                    signal("CONT", owner);
                }
            } else {
                violations.add("the step was not reached");
            }
            violations.addAll(Oracle.look(ground, story));
            story.settle();
            return violations.stream()
                    .map(line -> "frozen at " + mark + ": " + line)
                    .toList();
        }
    }

    /** The process that has a connection from this port; the one started first where that cannot be told. */
    private long ownerOf(int port, Ground ground) throws IOException {
        long first = ground.stack().service(Service.ROLLBACK).processId();
        if (second == null) return first;
        return hasPort(second.processId(), port) ? second.processId() : first;
    }

    private static boolean hasPort(long process, int port) throws IOException {
        String local = String.format(":%04X", port);
        List<String> sockets = new ArrayList<>();
        for (String table : List.of("tcp", "tcp6")) {
            Files.readAllLines(Path.of("/proc", Long.toString(process), "net", table)).stream()
                    .map(line -> line.strip().split("\\s+"))
                    .filter(fields -> fields.length > 9 && fields[1].endsWith(local))
                    .forEach(fields -> sockets.add("socket:[" + fields[9] + "]"));
        }
        try (Stream<Path> open = Files.list(Path.of("/proc", Long.toString(process), "fd"))) {
            return open.anyMatch(link -> sockets.contains(target(link)));
        }
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            return "";
        }
    }

    private static void signal(String name, long process) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(process)).start().waitFor();
    }
}
