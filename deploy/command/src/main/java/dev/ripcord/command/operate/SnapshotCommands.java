package dev.ripcord.command.operate;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ripcord.command.CommandFailedException;
import dev.ripcord.command.follow.Gate;
import dev.ripcord.command.follow.ServiceClient;
import dev.ripcord.command.follow.ServiceClient.Answer;
import dev.ripcord.events.KafkaBinding;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What is asked of the snapshot service. */
public final class SnapshotCommands {

    private static final String SERVER = "${env:RIPCORD_SNAPSHOT_SERVER:-http://127.0.0.1:8081}";

    private SnapshotCommands() {}

    /** {@code ripcord gate}. */
    @Command(
            name = "gate",
            description = "The line for a pipeline, before its migration: asks for a snapshot and waits until it is"
                    + " taken. Exit status 0: the migration may run. 1: it must not. After it, with one of --completed,"
                    + " --failed and --accepted: tells how it ended; until then no rollback begins.")
    public static final class GateCommand implements Callable<Integer> {

        @Parameters(index = "0", paramLabel = "DATABASE", description = "Id of the enrolled database")
        private String database = "";

        @Parameters(index = "1", paramLabel = "MIGRATION", description = "Id of the migration, unique for its database")
        private String migration = "";

        @Option(names = "--server", defaultValue = SERVER, description = "The snapshot service, ${DEFAULT-VALUE}")
        private URI server = URI.create("http://127.0.0.1:8081");

        @Option(
                names = "--wait",
                paramLabel = "SECONDS",
                defaultValue = "900",
                description = "At most, ${DEFAULT-VALUE}")
        private long seconds = 900;

        @ArgGroup
        private @Nullable End end;

        @Option(
                names = "--snapshot",
                paramLabel = "ID",
                description =
                        "With --completed or --failed: of the run that waited for this snapshot, not of the newest")
        private @Nullable String snapshot;

        @Mixin
        private Access access = new Access();

        @Override
        public Integer call() {
            if (snapshot != null && (end == null || end.accepted)) {
                throw new CommandFailedException("--snapshot goes with --completed or --failed");
            }
            if (end != null) return told(end);
            if (!access.json()) System.out.println("Waiting at " + server + " for the snapshot of " + database + " …");
            AtomicBoolean waiting = new AtomicBoolean(true);
            Gate.Outcome outcome;
            try (ServiceClient client = access.client(server)) {
                Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                    if (waiting.get()) withdraw(client);
                }));
                outcome = new Gate(client).await(database, migration, Duration.ofSeconds(seconds), System.err::println);
                waiting.set(false);
            }
            return switch (outcome) {
                case Gate.Outcome.Open open -> {
                    if (access.printed(KafkaBinding.JSON.valueToTree(
                            Map.of("gate", "open", "snapshot", open.snapshot(), "millis", open.millis())))) yield 0;
                    System.out.println("Open: snapshot " + open.snapshot() + ", taken in " + open.millis()
                            + " ms; the application waited " + open.pauseMillis() + " ms.");
                    yield 0;
                }
                case Gate.Outcome.Closed closed -> {
                    if (access.printed(KafkaBinding.JSON.valueToTree(
                            Map.of("gate", "closed", "reason", closed.reason(), "next", closed.next())))) yield 1;
                    System.err.println("Closed: " + closed.reason() + ". Next: " + closed.next());
                    yield 1;
                }
            };
        }

        /** A pipeline that is cancelled does not migrate: its snapshot is in no rollback's way. */
        private void withdraw(ServiceClient client) {
            String next = new Gate(client).cancelled(database, migration);
            System.err.println("Cancelled: " + migration + " must not run." + (next.isEmpty() ? "" : " Next: " + next));
        }

        private int told(End end) {
            String word = end.failed != null ? "failed" : end.completed ? "completed" : "accepted";
            @Nullable Map<String, String> body = end.failed == null ? null : Map.of("reason", end.failed);
            String of = snapshot;
            Answer answer = access.ask(
                    server,
                    client -> of == null
                            ? new Gate(client).tell(database, migration, word, body)
                            : new Gate(client).tellOf(of, database, migration, word, body));
            if (!access.printed(answer.body())) System.out.println("Told: " + answer.text("told") + ".");
            return 0;
        }
    }

    /** How a migration ended. */
    static final class End {

        @Option(names = "--completed", description = "Tell that its statements ran to their end")
        private boolean completed;

        @Option(names = "--failed", paramLabel = "REASON", description = "Tell that it stopped with an error")
        private @Nullable String failed;

        @Option(names = "--accepted", description = "Tell that it is good: its snapshot may go")
        private boolean accepted;
    }

    /** {@code ripcord snapshots}. */
    @Command(name = "snapshots", description = "The newest snapshots, of one database or of all.")
    public static final class ListCommand implements Callable<Integer> {

        @Parameters(index = "0", arity = "0..1", paramLabel = "DATABASE", description = "Id of the enrolled database")
        private @Nullable String database;

        @Option(names = "--server", defaultValue = SERVER, description = "The snapshot service, ${DEFAULT-VALUE}")
        private URI server = URI.create("http://127.0.0.1:8081");

        @Mixin
        private Access access = new Access();

        @Override
        public Integer call() {
            Answer answer = access.ask(
                    server,
                    client -> client.get("/snapshots"
                            + (database == null ? "" : "?database=" + RollbackCommands.encoded(database))));
            if (access.printed(answer.body())) return 0;
            if (answer.body().isEmpty()) System.out.println("There is none.");
            for (JsonNode snapshot : answer.body()) {
                System.out.printf(
                        "%s  %-10s %-9s taken %s  before %s%s%n",
                        snapshot.path("id").asText(),
                        snapshot.path("database").asText(),
                        snapshot.path("state").asText(),
                        snapshot.path("takenAt").asText("never"),
                        snapshot.path("migration").asText(),
                        snapshot.hasNonNull("reason")
                                ? ": " + snapshot.path("reason").asText()
                                : snapshot.hasNonNull("problem")
                                        ? ": tried again after "
                                                + snapshot.path("problem").asText()
                                        : "");
            }
            return 0;
        }
    }

    /** {@code ripcord release}. */
    @Command(
            name = "release",
            description = "Declares good what a snapshot was taken before: it goes when its least retention has passed."
                    + " For one whose migration is known, ripcord gate DATABASE MIGRATION --accepted does the same.")
    public static final class ReleaseCommand implements Callable<Integer> {

        @Parameters(index = "0", paramLabel = "SNAPSHOT", description = "Its id, as ripcord snapshots shows it")
        private String snapshot = "";

        @Option(names = "--server", defaultValue = SERVER, description = "The snapshot service, ${DEFAULT-VALUE}")
        private URI server = URI.create("http://127.0.0.1:8081");

        @Mixin
        private Access access = new Access();

        @Override
        public Integer call() {
            Answer answer = access.ask(
                    server,
                    client -> client.post("/snapshots/" + RollbackCommands.encoded(snapshot) + "/release", null));
            if (access.printed(answer.body())) return 0;
            String until = answer.text("keptUntil");
            System.out.println("Released: " + snapshot + " of " + answer.text("database")
                    + (until.isEmpty() ? " is " + answer.text("state") : " goes after " + until) + ".");
            return 0;
        }
    }
}
