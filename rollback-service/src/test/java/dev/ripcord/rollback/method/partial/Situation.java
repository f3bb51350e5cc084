package dev.ripcord.rollback.method.partial;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ripcord.databases.EnrolledDatabase.Role;
import dev.ripcord.databases.EnrolledDatabase.Server;
import dev.ripcord.databases.PgSession;
import dev.ripcord.databases.Secret;
import dev.ripcord.embedded.EmbeddedPostgres;
import dev.ripcord.rollback.method.Bracket;
import dev.ripcord.rollback.method.FreshServer;
import dev.ripcord.rollback.method.partial.PartialPlan.Ready;
import dev.ripcord.rollback.method.partial.PartialPlan.Refused;
import dev.ripcord.rollback.method.partial.PartialRestore.Applied;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A live database and a copy of it as it was, on a real server, both owned by a role that is no superuser. */
final class Situation implements AutoCloseable {

    static final Duration SOON = Duration.ofSeconds(5);
    private static final Duration LIMIT = Duration.ofSeconds(120);
    private static final Vertx VERTX = Vertx.vertx();
    private static final Map<Integer, EmbeddedPostgres> SERVERS = new HashMap<>();
    private static final AtomicInteger NAMES = new AtomicInteger();

    private final EmbeddedPostgres postgres;
    private final String name;
    private final String owner;
    final PgSession live;
    final PgSession copy;
    private final PgSession looking;

    private Situation(EmbeddedPostgres postgres, String name, String owner) {
        this.postgres = postgres;
        this.name = name;
        this.owner = owner;
        this.live = session(name);
        this.looking = session(name);
        this.copy = session(name + "_copy");
    }

    /** With the schema and its content as of the snapshot. */
    static Situation of(int major, String schema) {
        return of(major, "keeper", schema);
    }

    /** As a role that may not hold foreign keys back. */
    static Situation ofPlainOwner(int major, String schema) {
        return of(major, "plain", schema);
    }

    private static Situation of(int major, String owner, String schema) {
        EmbeddedPostgres postgres = server(major);
        String name = "live" + NAMES.incrementAndGet();
        try (PgSession superuser = session(postgres, postgres.superuser(), "postgres")) {
            superuser.execute("create database " + name + " owner " + owner);
        }
        try (PgSession session = session(postgres, owner, name)) {
            session.execute("set search_path = public");
            session.execute(schema);
        }
        try (PgSession superuser = session(postgres, postgres.superuser(), "postgres")) {
            superuser.execute("create database " + name + "_copy template " + name + " owner " + owner);
        }
        return new Situation(postgres, name, owner);
    }

    private static EmbeddedPostgres server(int major) {
        synchronized (SERVERS) {
            return SERVERS.computeIfAbsent(major, Situation::start);
        }
    }

    private static EmbeddedPostgres start(int major) {
        EmbeddedPostgres postgres = FreshServer.start(major);
        try (PgSession superuser = session(postgres, postgres.superuser(), "postgres")) {
            for (String role : List.of("keeper", "plain")) {
                superuser.execute("create role " + role + " login bypassrls password '" + postgres.password() + "'");
            }
            superuser.execute("grant set on parameter session_replication_role to keeper");
        }
        return postgres;
    }

    private static PgSession session(EmbeddedPostgres postgres, String user, String database) {
        try {
            Path password = Files.writeString(Files.createTempFile("password", ""), postgres.password());
            Server server = new Server(postgres.host(), postgres.port(), database, null, "", null, null);
            PgSession session =
                    PgSession.open(VERTX, server, new Role(user, new Secret(null, password)), database, LIMIT);
            Files.delete(password);
            return session;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One more session of the owner. */
    PgSession session(String database) {
        return session(postgres, owner, database);
    }

    PgSession another() {
        PgSession another = session(name);
        another.execute("set search_path = public");
        return another;
    }

    PgSession superuser() {
        return session(postgres, postgres.superuser(), name);
    }

    /** What happened since the snapshot. */
    Situation then(String changes) {
        try (PgSession session = another()) {
            session.execute(changes);
        }
        return this;
    }

    PartialPlan plan(PartialOptions options, String... tables) {
        return PartialPlan.of(live, copy, List.of(tables), options);
    }

    PartialPlan plan(String... tables) {
        return plan(PartialOptions.USUAL, tables);
    }

    Ready ready(PartialOptions options, String... tables) {
        Map<String, String> before = everything(live);
        PartialPlan plan = plan(options, tables);
        assertThat(everything(live)).isEqualTo(before);
        assertThat(plan).isInstanceOf(Ready.class);
        return (Ready) plan;
    }

    Ready ready(String... tables) {
        return ready(PartialOptions.USUAL, tables);
    }

    /** The reasons, in one text; nothing was changed. */
    String refused(PartialOptions options, String... tables) {
        Map<String, String> before = everything(live);
        PartialPlan plan = plan(options, tables);
        assertThat(everything(live)).isEqualTo(before);
        assertThat(plan).isInstanceOf(Refused.class);
        return String.join("\n", ((Refused) plan).reasons());
    }

    String refused(String... tables) {
        return refused(PartialOptions.USUAL, tables);
    }

    /** Plans and does it, and makes sure that the tables are equal to the copy's and no others changed but these. */
    Applied restored(PartialOptions options, List<String> tables, List<String> mayChange) {
        Ready ready = ready(options, tables.toArray(String[]::new));
        Map<String, String> before = everything(live);
        PartialRestore restore = restore(ready, SOON);
        assertThat(restore).isInstanceOf(Applied.class);
        Map<String, String> expected = new TreeMap<>(before);
        Map<String, String> was = everything(copy);
        Map<String, String> now = everything(live);
        tables.forEach(table -> expected.put(table, was.get(table)));
        mayChange.forEach(table -> expected.put(table, now.get(table)));
        assertThat(now).isEqualTo(expected);
        Applied applied = (Applied) restore;
        assertThat(applied.asPlanned()).isTrue();
        return applied;
    }

    PartialRestore restore(Ready ready, Duration lockTimeout) {
        return restore(ready, lockTimeout, Bracket.PLAIN);
    }

    PartialRestore restore(Ready ready, Duration lockTimeout, Bracket bracket) {
        try (PartialAct act = new PartialAct(looking, copy, ready.tables(), ready.options())) {
            return act.apply(live, ready, lockTimeout, bracket);
        }
    }

    Applied restored(String... tables) {
        return restored(PartialOptions.USUAL, List.of(tables), List.of());
    }

    /** The content of every table and the state of every trigger. */
    static Map<String, String> everything(PgSession session) {
        Map<String, String> everything = new TreeMap<>();
        session.query(
                        "select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace"
                                + " where c.relkind in ('r', 'p') and n.nspname !~ '^(pg_|information_schema)'")
                .forEach(row -> {
                    String table = row.getString("name");
                    everything.put(
                            table,
                            session.query(
                                            "select count(*) || ' ' || coalesce(md5(string_agg(t::text, E'\\n' order by t::text collate \"C\")), '') as content from "
                                                    + table + " t")
                                    .getFirst()
                                    .getString("content"));
                });
        session.query(
                        "select tgrelid::regclass::text || '.' || tgname as name, tgenabled::text as state from pg_trigger")
                .forEach(row -> everything.put(
                        "trigger " + row.getString("name").replaceAll("_\\d+$", ""), row.getString("state")));
        return everything;
    }

    String ask(String query) {
        return String.valueOf(live.query(query).getFirst().getValue(0));
    }

    /** Whether the live session waits for a lock. */
    boolean waiting() {
        try (PgSession superuser = superuser()) {
            return superuser
                    .query(
                            "select coalesce((select wait_event_type = 'Lock' from pg_stat_activity where pid = $1), false) as waits",
                            live.processId())
                    .getFirst()
                    .getBoolean("waits");
        }
    }

    @Override
    public void close() {
        live.close();
        looking.close();
        copy.close();
    }
}
