package dev.ripcord.command.torture;

import dev.ripcord.command.follow.EventStream;
import dev.ripcord.command.follow.ServiceClient;
import dev.ripcord.command.follow.Waiting;
import dev.ripcord.command.sample.SampleStack;
import dev.ripcord.command.sample.Shop;
import dev.ripcord.command.sample.ShopApplication;
import dev.ripcord.command.sample.Size;
import dev.ripcord.command.stack.DatabasesFile;
import dev.ripcord.command.stack.Service;
import dev.ripcord.command.stack.Stack;
import dev.ripcord.embedded.DatabaseServer;
import dev.ripcord.events.Envelope;
import dev.ripcord.events.MigrationEvent;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/** A running suite to be maltreated: a shop with its application, and whatever a test adds. */
final class Ground {

    /** Which snapshots are taken there, on which PostgreSQL: that of the client programs for archives. */
    enum Kind {
        CLONE(18),
        ARCHIVE(15);

        final int major;

        Kind(int major) {
            this.major = major;
        }

        /** A client program of its version, where Debian and Ubuntu have it. */
        Path program(String name) {
            return Path.of("/usr/lib/postgresql/" + major + "/bin", name);
        }

        /** What this machine lacks for it, and what to do; empty where nothing. */
        Optional<String> missing() {
            if (this == CLONE || Files.isExecutable(program("pg_dump"))) return Optional.empty();
            return Optional.of(
                    "there is no " + program("pg_dump") + ": install PostgreSQL's client programs of version " + major);
        }
    }

    static final Duration LIMIT = Duration.ofSeconds(60);
    static final String ADMIN = "ripcord_admin";
    static final String STATE = "ripcord_state";

    /** A database may have other ideas of these. */
    static final String PLAIN = Stream.of(
                    "default_transaction_read_only=off",
                    "statement_timeout=0",
                    "lock_timeout=0",
                    "idle_in_transaction_session_timeout=0",
                    "search_path=public",
                    "TimeZone=UTC",
                    "DateStyle=ISO",
                    "IntervalStyle=postgres",
                    "extra_float_digits=1",
                    "bytea_output=hex",
                    "standard_conforming_strings=on",
                    "quote_all_identifiers=off")
            .collect(Collectors.joining(" -c ", "-c ", ""));

    private final Stack stack;
    private final Kind kind;
    private final Shop shop;
    private final EventStream events;
    private final ShopApplication application;
    private final List<Map<String, Object>> enrolled = new ArrayList<>();
    private @Nullable Link link;

    private Ground(Stack stack, Kind kind) throws SQLException {
        this.stack = stack;
        this.kind = kind;
        stack.startServers(kind.major);
        this.shop = SampleStack.shop(stack, "shop").create(new Size(3));
        add(shop);
        this.application = stack.with(ShopApplication.start(shop, stack.ports().application()));
        this.events = stack.with(EventStream.follow(stack.bootstrapServers(), seen -> {}));
    }

    /** The servers and the application; the services follow. */
    static Ground start(Stack stack, Kind kind) throws SQLException {
        return new Ground(stack, kind);
    }

    Stack stack() {
        return stack;
    }

    Kind kind() {
        return kind;
    }

    Shop shop() {
        return shop;
    }

    EventStream events() {
        return events;
    }

    ShopApplication application() {
        return application;
    }

    DatabaseServer server() {
        return stack.postgres().server();
    }

    /** Where archives are stored. */
    Path store() {
        return stack.folder().root().resolve("store");
    }

    private URI restart() {
        return ShopApplication.address(stack.ports().application(), "/hooks/restart");
    }

    /** Somebody who may do everything, at one of the services. */
    ServiceClient client(Service service) {
        return new ServiceClient(stack.address(service), stack.token("administrator"));
    }

    /** Enrols one more database; the services read of it when they start. */
    void add(Shop more) {
        boolean first = enrolled.isEmpty();
        Map<String, Object> entry = SampleStack.entry(stack, more, first, kind == Kind.ARCHIVE);
        // what else is added is a shop no more when a test is at it
        if (!first) entry.remove("checks");
        else entry.put("hooks", Map.of("restart", restart().toString()));
        entry.put(
                "snapshot",
                switch (kind) {
                    case CLONE -> Map.of("form", "clone", "endSessions", true);
                    case ARCHIVE -> Map.of("form", "archive", "store", store().toString());
                });
        enrolled.add(entry);
    }

    /** The services will reach the protected server through a link, which is good at first. */
    Link reachedThroughLink() throws IOException {
        link = stack.with(Link.to(server().port()));
        return link;
    }

    /** The port that a client of the server has, where the server sees this one. */
    int clientPort(int seen) {
        return link == null ? seen : link.clientOf(seen);
    }

    /** Nothing can be enrolled any more. */
    void startServices() {
        if (link != null) enrolled.forEach(entry -> entry.put("server", reached(entry.get("server"), link.port())));
        DatabasesFile.write(stack.folder().databases(), enrolled, SampleStack.channels(stack));
        stack.startServices();
    }

    private static Map<String, Object> reached(@Nullable Object server, int port) {
        Map<String, Object> place = new LinkedHashMap<>();
        if (server instanceof Map<?, ?> before) before.forEach((key, value) -> place.put(String.valueOf(key), value));
        place.put("port", port);
        return place;
    }

    /** Tells that a migration has ended, and waits until the rollback service knows: before it refuses whatever is asked. */
    void ended(String database, String migration) {
        events.publish(new MigrationEvent.Completed(database, migration));
        String known = "select 'known' from rollback.known_migration where ended_at is not null and database_id = '"
                + database + "' and migration = '" + migration + "'";
        if (!Waiting.until(() -> stated(known), LIMIT)) {
            throw new IllegalStateException("the rollback service does not hear that " + migration + " has ended");
        }
    }

    private boolean stated(String query) {
        try {
            return !list(STATE, query).isEmpty();
        } catch (SQLException e) {
            throw new IllegalStateException("the services' state cannot be read: " + e.getMessage(), e);
        }
    }

    /** Waits until the rollback service has read all that Kafka has for it: what it makes of that shows only then. */
    void heard() {
        if (!new Intake(stack.bootstrapServers(), "ripcord-rollback").drained(LIMIT)) {
            throw new IllegalStateException("the rollback service does not read what it is sent");
        }
    }

    /** Publishes a record and waits until the rollback service has read it, or the service whose topic it is has put it aside. */
    void hear(Envelope<?> envelope, ProducerRecord<String, byte[]> record) {
        RecordMetadata place = events.publish(record);
        String aside = "source = 'dead-letter' and id = '" + place.topic() + "/" + place.partition() + "/"
                + place.offset() + "'";
        String known = "select 'known' from rollback.inbox"
                + " where (source = '" + envelope.source() + "' and id = '" + envelope.id() + "') or (" + aside + ")"
                + " union all select 'known' from snapshot.inbox where " + aside;
        if (!Waiting.until(() -> stated(known), LIMIT)) {
            throw new IllegalStateException("no service reads what is at " + place);
        }
    }

    /** Starts whatever does not run any more. */
    void heal() {
        if (!stack.postgres().running()) stack.postgres().restart();
        for (Service service : Service.values()) {
            if (!stack.service(service).running()) stack.service(service).restart();
        }
    }

    void execute(String database, String sql) throws SQLException {
        try (Connection connection = server().connect(database, PLAIN);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    List<String> list(String database, String query) throws SQLException {
        List<String> values = new ArrayList<>();
        try (Connection connection = server().connect(database, PLAIN);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            while (row.next()) values.add(String.valueOf(row.getString(1)));
        }
        return values;
    }

    long number(String database, String query) throws SQLException {
        return Long.parseLong(list(database, query).getFirst());
    }
}
