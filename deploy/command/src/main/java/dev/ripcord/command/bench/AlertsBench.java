package dev.ripcord.command.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.ripcord.command.CommandFailedException;
import dev.ripcord.command.follow.EventStream;
import dev.ripcord.command.follow.Gate;
import dev.ripcord.command.follow.Narrator;
import dev.ripcord.command.follow.ServiceClient;
import dev.ripcord.command.follow.Waiting;
import dev.ripcord.command.sample.SampleStack;
import dev.ripcord.command.sample.Shop;
import dev.ripcord.command.sample.Size;
import dev.ripcord.command.stack.DatabasesFile;
import dev.ripcord.command.stack.Service;
import dev.ripcord.command.stack.Stack;
import dev.ripcord.databases.EnrolledDatabase.Environment;
import dev.ripcord.embedded.ServiceProcess;
import dev.ripcord.events.Catalogue;
import dev.ripcord.events.KafkaBinding;
import dev.ripcord.events.MigrationEvent;
import dev.ripcord.events.RollbackOutcomeEvent;
import dev.ripcord.events.RollbackRequestEvent;
import dev.ripcord.events.SnapshotEvent;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/** From an alert to the request on Kafka, again and again, each with nothing else going on; then so many alerts at once that some may be turned away. */
final class AlertsBench {

    /** They take turns, so that there are enough rounds to speak of the slowest in a hundred. */
    private static final List<String> DATABASES = List.of("shop1", "shop2", "shop3");

    /** What databases.yaml allows in a day, less the one that the storm asks for. */
    private static final int MOST_OF_EACH = 99;

    static final int MOST_ROUNDS = MOST_OF_EACH * DATABASES.size();

    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final String TOKEN = "the-benchmarks-own-intake";
    private static final int WARM_UP = 20;
    /** Until all services are done with the rollback of the round before: alerts are measured, and not what they set going. */
    private static final Duration CALM = Duration.ofMillis(500);

    private static final int EACH_SECOND = 1000;
    private static final int SECONDS = 30;

    private final Stack stack;
    private final Narrator tell;
    /** When each request was read from Kafka, by its type and its rollback's id. */
    private final Map<String, Instant> heard = new ConcurrentHashMap<>();

    private final Series toRequest = new Series();
    private final Series toAnswer = new Series();
    private final Series throughKafka = new Series();
    private Duration cpu = Duration.ZERO;
    private long before;
    private long during;
    private long after;
    private long written;
    private AlertStorm storm;

    AlertsBench(Stack stack, Narrator tell) {
        this.stack = stack;
        this.tell = tell;
        this.storm = new AlertStorm(URI.create("http://127.0.0.1"), TOKEN, tell);
    }

    void run(int rounds) throws SQLException, IOException {
        tell.step("Starting");
        stack.startServers();
        List<Map<String, Object>> entries = new ArrayList<>();
        List<Shop> shops = new ArrayList<>();
        for (String database : DATABASES) {
            Shop shop = SampleStack.shop(stack, database).create(new Size(10));
            shops.add(shop);
            entries.add(enrolled(database, shop));
        }
        enrol(entries);
        stack.startServices();
        EventStream events = stack.with(EventStream.follow(stack.bootstrapServers(), seen -> {
            if (seen.envelope().event() instanceof RollbackRequestEvent asked)
                heard.put(Catalogue.of(asked).type() + " " + asked.rollback(), seen.at());
        }));
        for (int i = 0; i < DATABASES.size(); i++) migrate(DATABASES.get(i), shops.get(i), events);
        for (int round = 1; round <= rounds; round++) {
            round(events, DATABASES.get(round % DATABASES.size()), round);
            if (round % 10 == 0) tell.step(round + " of " + rounds + " alerts have asked");
        }
        blow();
    }

    private Map<String, Object> enrolled(String database, Shop shop) throws IOException, SQLException {
        Map<String, Object> entry =
                stack.server().enrol(stack.vertx(), database, shop.database(), Environment.staging, false, false);
        entry.put("snapshot", Map.of("form", "clone", "endSessions", true));
        entry.put(
                "alerts",
                Map.of(
                        "match",
                        Map.of("service", database),
                        "mode",
                        "ask",
                        "soakSeconds",
                        0,
                        "coolDownSeconds",
                        0,
                        "atMostPerDay",
                        MOST_OF_EACH + 1));
        return entry;
    }

    private void enrol(List<Map<String, Object>> entries) throws IOException {
        DatabasesFile.write(stack.folder().databases(), entries, List.of());
        Files.writeString(
                stack.folder().databases(),
                "intakes:\n  - { id: bench, kind: alertmanager, token: { file: "
                        + stack.secrets().write("intake.token", TOKEN) + " } }\n",
                StandardOpenOption.APPEND);
    }

    private void migrate(String database, Shop shop, EventStream events) throws IOException, SQLException {
        try (ServiceClient client = new ServiceClient(stack.address(Service.SNAPSHOT), stack.token("requester"))) {
            Gate gate = new Gate(client);
            if (gate.await(database, "bad", LIMIT) instanceof Gate.Outcome.Closed shut) {
                throw new CommandFailedException("the gate stayed closed: " + shut.reason());
            }
            shop.migrateBadly();
            gate.tell(database, "bad", "completed", null);
        }
        events.await(SnapshotEvent.Proven.class, proven -> proven.database().equals(database), LIMIT);
        events.await(MigrationEvent.Completed.class, done -> done.database().equals(database), LIMIT);
        Waiting.until(
                () -> number(
                                "select count(*) from rollback.known_migration where ended_at is not null and database_id = '"
                                        + database + "'")
                        == 1,
                LIMIT);
    }

    /** One alert, until its request can be read from Kafka; that is taken back before the next one. */
    private void round(EventStream events, String database, int round) throws IOException {
        String name = "PricesWrong" + round;
        HttpRequest post = post(body(database, name, name));
        LockSupport.parkNanos(CALM.toNanos());
        long sent = System.nanoTime();
        Instant sentAt = Instant.now();
        int status = answer(post);
        double answered = (System.nanoTime() - sent) / 1e6;
        if (status != 200) throw new CommandFailedException("alert " + name + " was answered with " + status);
        RollbackRequestEvent.Requested asked = events.await(
                        RollbackRequestEvent.Requested.class,
                        event -> event.reason().endsWith(": " + name),
                        LIMIT)
                .orElseThrow(() -> new CommandFailedException("alert " + name + " has not asked for a rollback"));
        double requested = millis(sentAt, "rollback.requested " + asked.rollback());
        Instant taken = Instant.now();
        events.publish(
                new RollbackRequestEvent.Cancelled(database, asked.rollback(), "the benchmark goes on", "bench"));
        double bare = millis(taken, "rollback.cancelled " + asked.rollback());
        if (round > WARM_UP) {
            toRequest.add(requested);
            toAnswer.add(answered);
            throughKafka.add(bare);
        }
        boolean ended = events.await(
                        RollbackOutcomeEvent.class,
                        outcome -> outcome.rollback().equals(asked.rollback()),
                        LIMIT)
                .isPresent();
        if (!ended) throw new CommandFailedException(asked.rollback() + " was not taken back");
    }

    private double millis(Instant from, String what) {
        Waiting.until(() -> heard.containsKey(what), LIMIT);
        Instant at = heard.get(what);
        if (at == null) throw new CommandFailedException(what + " was not heard on Kafka");
        return Duration.between(from, at).toNanos() / 1e6;
    }

    private HttpRequest post(String body) {
        return HttpRequest.newBuilder(address())
                .timeout(LIMIT)
                .header("Authorization", "Bearer " + TOKEN)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    private static int answer(HttpRequest post) throws IOException {
        try {
            return HTTP.send(post, HttpResponse.BodyHandlers.discarding()).statusCode();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private URI address() {
        return stack.address(Service.ROLLBACK).resolve("/alerts/bench");
    }

    /** Each is another alert, so that each that was accepted must be there afterwards. */
    private void blow() {
        tell.step(EACH_SECOND + " alerts a second for " + SECONDS + " s");
        ServiceProcess service = stack.service(Service.ROLLBACK);
        before = service.residentBytes();
        Duration cpuBefore = cpu(service);
        storm = new AlertStorm(address(), TOKEN, tell);
        storm.blow(EACH_SECOND, SECONDS, number -> body(DATABASES.getFirst(), "Storm", "storm-" + number));
        during = service.residentBytes();
        written = number("select count(*) from rollback.alert where name = 'Storm'");
        Waiting.until(
                () -> number("select count(*) from rollback.alert where name = 'Storm' and verdict is null") == 0,
                LIMIT);
        after = service.residentBytes();
        cpu = cpu(service).minus(cpuBefore);
    }

    private static Duration cpu(ServiceProcess service) {
        return ProcessHandle.of(service.processId())
                .flatMap(process -> process.info().totalCpuDuration())
                .orElse(Duration.ZERO);
    }

    private static String body(String database, String name, String fingerprint) {
        try {
            return KafkaBinding.JSON.writeValueAsString(Map.of(
                    "version",
                    "4",
                    "groupKey",
                    name,
                    "status",
                    "firing",
                    "alerts",
                    List.of(Map.of(
                            "status",
                            "firing",
                            "fingerprint",
                            fingerprint,
                            "startsAt",
                            Instant.now().toString(),
                            "labels",
                            Map.of(
                                    "alertname",
                                    name,
                                    "service",
                                    database,
                                    "signal",
                                    "dataWrong",
                                    "severity",
                                    "critical"),
                            "annotations",
                            Map.of("summary", "5 % of the orders have a wrong price")))));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("maps can be written as JSON", e);
        }
    }

    private long number(String sql) {
        try (Connection connection = stack.postgres().server().connect("ripcord_state");
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            throw new CommandFailedException("the state database refused: " + e.getMessage(), e);
        }
    }

    /** Those that were told to be on disk and are not there; those that nobody answered are unknown, and count as lost. */
    private long lost() {
        return Math.max(0, storm.answered("200") - written) + storm.answered("no answer");
    }

    /** For people. */
    String lines() {
        return String.format(
                Locale.ROOT,
                """

                %d alerts, one after the other                    p50       p99
                posted until its request is on Kafka     %8.1f  %8.1f ms
                posted until it is answered              %8.1f  %8.1f ms
                one record through Kafka, for comparison %8.1f  %8.1f ms

                %d alerts, %.0f a second                 p50       p99
                posted until it is answered              %8.1f  %8.1f ms
                answered                                 %s
                accepted %d, found on disk %d, lost %d
                rollback service's processor time        %.2f ms for each
                rollback service's memory                %d MB before, %d MB at the end of the storm, %d MB when all were judged""",
                toRequest.values().size(),
                toRequest.median(),
                toRequest.part(0.99),
                toAnswer.median(),
                toAnswer.part(0.99),
                throughKafka.median(),
                throughKafka.part(0.99),
                EACH_SECOND * SECONDS,
                storm.perSecond,
                storm.millis.median(),
                storm.millis.part(0.99),
                storm.answers(),
                storm.answered("200"),
                written,
                lost(),
                cpu.toMillis() / (double) (EACH_SECOND * SECONDS),
                before >> 20,
                during >> 20,
                after >> 20);
    }

    Map<String, Object> figures() {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("alertToRequestMillis", toRequest.values());
        figures.put("alertToRequestP50Millis", toRequest.median());
        figures.put("alertToRequestP99Millis", toRequest.part(0.99));
        figures.put("alertAnsweredMillis", toAnswer.values());
        figures.put("throughKafkaMillis", throughKafka.values());
        figures.put("stormCpuMillisEach", cpu.toMillis() / (double) (EACH_SECOND * SECONDS));
        figures.put("stormAlerts", EACH_SECOND * SECONDS);
        figures.put("stormPerSecond", storm.perSecond);
        figures.put("stormAnsweredP50Millis", storm.millis.median());
        figures.put("stormAnsweredP99Millis", storm.millis.part(0.99));
        figures.put("stormAnswers", storm.answers());
        figures.put("stormWritten", written);
        figures.put("stormLost", lost());
        figures.put("rssBeforeBytes", before);
        figures.put("rssDuringBytes", during);
        figures.put("rssAfterBytes", after);
        return figures;
    }
}
