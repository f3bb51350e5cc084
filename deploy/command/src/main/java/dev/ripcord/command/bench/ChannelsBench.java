package dev.ripcord.command.bench;

import dev.ripcord.command.CommandFailedException;
import dev.ripcord.command.follow.Narrator;
import dev.ripcord.command.stack.DatabasesFile;
import dev.ripcord.command.stack.Stack;
import dev.ripcord.events.Envelope;
import dev.ripcord.events.KafkaBinding;
import dev.ripcord.events.RipcordEvent;
import dev.ripcord.events.RollbackEvent;
import dev.ripcord.events.RollbackOutcomeEvent;
import dev.ripcord.events.Topic;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * A backlog that is on Kafka before the notifier starts: how long it takes until each channel was told everything, whether what
 * is about one rollback came in order, and whether the limits of the other side were kept.
 */
final class ChannelsBench {

    private static final int DATABASES = 10;
    private static final int STEPS = 10;
    private static final Duration PATIENCE = Duration.ofMinutes(15);

    private final Stack stack;
    private final Narrator tell;
    private final Map<String, Object> figures = new LinkedHashMap<>();

    ChannelsBench(Stack stack, Narrator tell) {
        this.stack = stack;
        this.tell = tell;
    }

    /** Each of the databases has a webhook of its own; the outcomes of the first go to a chat that takes one message a second. */
    void run(int events) throws IOException {
        tell.step("Starting Kafka and PostgreSQL");
        stack.startServers();
        try (CountingReceiver receiver = new CountingReceiver()) {
            enrol(receiver);
            int sent = send(events);
            tell.step(sent + " events are on Kafka; starting the services");
            stack.startServices();
            await(receiver, sent);
            double seconds = receiver.secondsOfTelling();
            figures.put("events", sent);
            figures.put("databases", DATABASES);
            figures.put("secondsToDrain", seconds);
            figures.put("eventsPerSecond", sent / seconds);
            figures.put("outOfOrder", receiver.outOfOrder());
            figures.put("told", receiver.told());
            figures.put("toldTwice", receiver.twice());
            figures.put("chatMessages", receiver.chatMessages());
            figures.put("chatTooFast", receiver.chatTooFast());
            figures.put("duringRest", receiver.duringRest());
        }
    }

    String lines() {
        StringBuilder lines = new StringBuilder("\nA backlog, drained from the first that is told to the last\n");
        figures.forEach((name, value) -> lines.append(
                value instanceof Double number
                        ? String.format(Locale.ROOT, "%-24s%10.1f%n", name, number)
                        : String.format(Locale.ROOT, "%-24s%10s%n", name, value)));
        return lines.toString();
    }

    Map<String, Object> figures() {
        return figures;
    }

    private void enrol(CountingReceiver receiver) {
        List<Map<String, Object>> databases = new ArrayList<>();
        List<Map<String, Object>> channels = new ArrayList<>();
        Map<String, Object> role = Map.of(
                "user",
                "nobody",
                "password",
                DatabasesFile.secret(stack.secrets().file("nobody.password")));
        for (int d = 0; d < DATABASES; d++) {
            String id = "shop-" + d;
            channels.add(DatabasesFile.webhook(
                    "hook-" + d,
                    stack.secrets().write("hook-" + d, receiver.address() + "/hook/" + id),
                    stack.secrets().write("key", "whsec_bm90aGluZyB0byBoaWRlIGluIGEgYmVuY2htYXJr")));
            List<Object> routes = new ArrayList<>();
            routes.add(Map.of("channel", "hook-" + d, "events", List.of("rollback.step", "rollback.completed")));
            if (d == 0) routes.add(Map.of("channel", "chat", "events", List.of("rollback.completed")));
            databases.add(Map.of(
                    "id",
                    id,
                    "environment",
                    "development",
                    "server",
                    Map.of(
                            "host",
                            "127.0.0.1",
                            "port",
                            stack.ports().postgres(),
                            "database",
                            "shop_" + d,
                            "marker",
                            "0f9d3c52-9f5a-4b7e-8a53-3a6f9a6c1b11"),
                    "roles",
                    Map.of("snapshot", role, "rollback", role, "verifier", role),
                    "snapshot",
                    Map.of("form", "clone"),
                    "routes",
                    routes));
        }
        channels.add(Map.of(
                "id", "chat",
                "kind", "slackBot",
                "token", DatabasesFile.secret(stack.secrets().file("bot")),
                "channel", "C0123456789",
                "address", receiver.address() + "/chat"));
        DatabasesFile.write(stack.folder().databases(), databases, channels);
    }

    /** Rollbacks of nine steps and an outcome, all databases mixed. */
    private int send(int events) {
        KafkaBinding binding = new KafkaBinding(Topic.DEFAULT_PREFIX);
        int rollbacks = Math.max(1, events / DATABASES / STEPS);
        Instant first = Instant.now().minusSeconds(600);
        int sent = 0;
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", stack.bootstrapServers()),
                new StringSerializer(),
                new ByteArraySerializer())) {
            for (int r = 0; r < rollbacks; r++) {
                for (int step = 0; step < STEPS; step++) {
                    for (int d = 0; d < DATABASES; d++) {
                        RipcordEvent event = event("shop-" + d, "r" + d + "-" + r, step);
                        Instant at = first.plusMillis(sent);
                        String previous = step == 0 ? null : "e-" + (sent - DATABASES);
                        producer.send(binding.write(new Envelope<>("e-" + sent, "/bench", at, null, previous, event)));
                        sent++;
                    }
                }
            }
            producer.flush();
        }
        return sent;
    }

    private static RipcordEvent event(String database, String rollback, int step) {
        if (step < STEPS - 1) return new RollbackEvent.Step(database, rollback, "step-" + step, 1, "done");
        return new RollbackOutcomeEvent.Completed(
                database, rollback, "s", "kept", 1, 1, List.of(), List.of(), "undo", null);
    }

    private static void await(CountingReceiver receiver, int sent) {
        Instant end = Instant.now().plus(PATIENCE);
        try {
            while (receiver.told() < sent) {
                if (Instant.now().isAfter(end)) {
                    throw new CommandFailedException("after " + PATIENCE.toMinutes() + " minutes only "
                            + receiver.told() + " of " + sent + " were told");
                }
                TimeUnit.MILLISECONDS.sleep(200);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailedException("interrupted", e);
        }
    }
}
