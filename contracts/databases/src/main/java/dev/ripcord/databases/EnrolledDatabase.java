package dev.ripcord.databases;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One database that Ripcord may touch, as {@code databases.yaml} says it; what is left out there has its default here.
 *
 * @param id its id in events and addresses
 * @param routes what of it goes to which channels, besides the routes of all databases
 * @param alerts which alerts are about it, and what they may cause
 * @param freeze when changes are not wanted
 * @param targets how long a rollback may take, as it was promised
 * @param watch how long, and how often, it is looked at after a rollback
 * @param delivery what delivers its application
 */
public record EnrolledDatabase(
        String id,
        Environment environment,
        Server server,
        Roles roles,
        SnapshotPolicy snapshot,
        RollbackPolicy rollback,
        Hooks hooks,
        Checks checks,
        @Nullable Migrations migrations,
        List<Route> routes,
        DecisionRules decision,
        @Nullable Rebuild rebuild,
        @Nullable SecondServer secondServer,
        AlertRules alerts,
        List<FreezeWindow> freeze,
        Targets targets,
        WatchPolicy watch,
        DeliverySystem delivery) {

    /** As read from the file, with what is missing there. */
    public EnrolledDatabase(
            String id,
            Environment environment,
            Server server,
            Roles roles,
            SnapshotPolicy snapshot,
            @Nullable RollbackPolicy rollback,
            @Nullable Hooks hooks,
            @Nullable Checks checks,
            @Nullable Migrations migrations,
            @Nullable List<Route> routes,
            @Nullable DecisionRules decision,
            @Nullable Rebuild rebuild,
            @Nullable SecondServer secondServer,
            @Nullable AlertRules alerts,
            @Nullable List<FreezeWindow> freeze,
            @Nullable Targets targets,
            @Nullable WatchPolicy watch,
            @Nullable DeliverySystem delivery) {
        this.id = id;
        this.environment = environment;
        this.server = server;
        this.roles = roles;
        this.snapshot = snapshot;
        this.rollback = (rollback == null ? new RollbackPolicy(null, 0, 0, 0, 0) : rollback).in(environment);
        this.hooks = hooks == null ? new Hooks(null, null, null) : hooks;
        this.checks = checks == null ? new Checks(null, null, null) : checks;
        this.migrations = migrations;
        this.routes = routes == null ? List.of() : List.copyOf(routes);
        this.decision = decision == null ? new DecisionRules(List.of()) : decision;
        this.rebuild = rebuild;
        this.secondServer = secondServer;
        this.alerts = alerts == null ? new AlertRules(AlertRules.Mode.off, null, null, 0, null, 0, null, 0) : alerts;
        this.freeze = freeze == null ? List.of() : List.copyOf(freeze);
        this.targets = targets == null ? Targets.NONE : targets;
        this.watch = watch == null ? new WatchPolicy(0, 0, 0, 0) : watch;
        this.delivery = delivery == null ? new DeliverySystem(null, null) : delivery;
    }

    /** Whether changes are not wanted at a moment. */
    public boolean frozen(Instant moment) {
        return freeze.stream().anyMatch(window -> window.holds(moment));
    }

    /** Without a migration tool and rules of its own. */
    public EnrolledDatabase(
            String id,
            Environment environment,
            Server server,
            Roles roles,
            SnapshotPolicy snapshot,
            @Nullable RollbackPolicy rollback,
            @Nullable Hooks hooks,
            @Nullable Checks checks,
            @Nullable List<Route> routes) {
        this(
                id,
                environment,
                server,
                roles,
                snapshot,
                rollback,
                hooks,
                checks,
                null,
                routes,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    /** Where the database lives; the policies follow from it. */
    public enum Environment {
        development,
        staging,
        production
    }

    /** How a rollback is approved. */
    public enum Approval {
        automatic,
        word
    }

    /** The word that an approver types for a full rollback. */
    public static final String WORD = "CONFIRM_FULL_RESTORE";

    /** The word that an approver types for a database that is built anew: never left out. */
    public static final String REBUILD_WORD = "CONFIRM_REBUILD_FROM_SCRATCH";

    /** The word for giving a rollback up and opening the live database again as it was. */
    public static final String REOPEN_WORD = "CONFIRM_REOPEN";

    /** The word for ending a session that runs a migration, or stands in its way. */
    public static final String END_WORD = "CONFIRM_END_SESSION";

    /** The approval that holds here: a word but for development, where nothing else is said. */
    public Approval approval() {
        if (rollback.approval() != null) return rollback.approval();
        return environment == Environment.development ? Approval.automatic : Approval.word;
    }

    /** How a connection is encrypted. */
    public enum Tls {
        disable,
        require,
        @JsonProperty("verify-full")
        verifyFull
    }

    /**
     * Where it is.
     *
     * @param database its name on the server
     * @param adminDatabase where the guarded functions are
     * @param marker the enrolment marker, a UUID
     */
    public record Server(
            String host,
            int port,
            String database,
            String adminDatabase,
            String marker,
            Tls tls,
            @Nullable String ca) {
        public Server(
                String host,
                int port,
                String database,
                @Nullable String adminDatabase,
                String marker,
                @Nullable Tls tls,
                @Nullable String ca) {
            this.host = host;
            this.port = port == 0 ? 5432 : port;
            this.database = database;
            this.adminDatabase = adminDatabase == null ? "ripcord_admin" : adminDatabase;
            this.marker = marker;
            this.tls = tls == null ? Tls.disable : tls;
            this.ca = ca;
        }

        /** How an application finds the database, without user and password. */
        public String connection() {
            String name = URLEncoder.encode(database, StandardCharsets.UTF_8).replace("+", "%20");
            return "postgresql://" + host + ":" + port + "/" + name
                    + switch (tls) {
                        case disable -> "";
                        case require -> "?sslmode=require";
                        case verifyFull -> "?sslmode=verify-full";
                    };
        }
    }

    /** A login role and where its password is. */
    public record Role(String user, Secret password) {}

    /** The role of each service. */
    public record Roles(
            Role snapshot,
            Role rollback,
            Role verifier,
            @Nullable Role restore,
            @Nullable Role change) {

        /** Without the roles that only some forms of snapshots and some methods of rollbacks need. */
        public Roles(Role snapshot, Role rollback, Role verifier, @Nullable Role restore) {
            this(snapshot, rollback, verifier, restore, null);
        }
    }

    /** The migration tools whose own way back is known. */
    public enum Tool {
        scripts,
        flyway,
        liquibase,
        alembic,
        drizzle
    }

    /**
     * The migrations as their tool knows them.
     *
     * @param folder where they are when a migration asks at the gate; they are kept with its snapshot
     * @param table the tool's version table, null for its usual one
     * @param changelog Liquibase's root changelog within the folder, null for the usual one
     * @param alembic the program, null where Alembic's way back is not wanted
     */
    public record Migrations(
            Tool tool,
            Path folder,
            @Nullable String table,
            @Nullable String changelog,
            @Nullable Path alembic) {}

    /**
     * What builds the database anew, where nothing else is left.
     *
     * @param baseline folder of the scripts that make its structure
     * @param seeds folder of the scripts that make its first rows, run after them; null where there are none
     */
    public record Rebuild(Path baseline, @Nullable Path seeds) {}

    /**
     * Another server, on which a snapshot can be restored so that the application is pointed there.
     *
     * @param cutOver called with POST when the database is open there; null where a person points the application there
     * @param closeOld whether the old database is closed before the other is opened
     */
    public record SecondServer(
            Server server, Roles roles, @Nullable URI cutOver, boolean closeOld) {}

    /** This enrolment as it is on its second server. */
    public EnrolledDatabase onSecondServer() {
        if (secondServer == null) throw new RefusedException("databases.yaml names no second server for " + id);
        return new EnrolledDatabase(
                id,
                environment,
                secondServer.server(),
                secondServer.roles(),
                snapshot,
                rollback,
                hooks,
                checks,
                migrations,
                routes,
                decision,
                null,
                null,
                alerts,
                freeze,
                targets,
                watch,
                delivery);
    }

    /** The forms of a snapshot. */
    public enum Form {
        clone,
        archive
    }

    /** How snapshots are taken and kept. */
    public record SnapshotPolicy(
            Form form, boolean endSessions, @Nullable Path store, int retentionHours, int limitSeconds) {

        /** The least time that a pre-migration snapshot is kept. */
        public Duration retention() {
            return Duration.ofHours(retentionHours == 0 ? 24 : retentionHours);
        }

        /** How long taking or proving one may last. */
        public Duration limit() {
            return Duration.ofSeconds(limitSeconds == 0 ? 3600 : limitSeconds);
        }
    }

    /**
     * How rollbacks are admitted and done.
     *
     * @param approvers how many people must approve one plan: of an enrolled database 1 or more
     * @param escalateAfterSeconds how long it may wait for people before others are paged
     */
    public record RollbackPolicy(
            @Nullable Approval approval,
            int approvers,
            int coolDownSeconds,
            int fenceLimitMillis,
            int escalateAfterSeconds) {

        /** With the number of approvers that holds where nothing is said: two in production. */
        private RollbackPolicy in(Environment environment) {
            if (approvers != 0) return this;
            int usual = environment == Environment.production ? 2 : 1;
            return new RollbackPolicy(approval, usual, coolDownSeconds, fenceLimitMillis, escalateAfterSeconds);
        }

        /** How long sessions may take to end. */
        public Duration fenceLimit() {
            return Duration.ofMillis(fenceLimitMillis == 0 ? 2000 : fenceLimitMillis);
        }

        /** How long it may wait for people before others are paged. */
        public Duration escalateAfter() {
            return Duration.ofSeconds(escalateAfterSeconds == 0 ? 900 : escalateAfterSeconds);
        }
    }

    /** Addresses called with POST around a rollback. */
    public record Hooks(
            @Nullable URI maintenanceOn,
            @Nullable URI maintenanceOff,
            @Nullable URI restart) {}

    /** What tells that the application is well. */
    public record Checks(List<HttpCheck> http, List<SqlCheck> sql, List<MetricCheck> promql) {
        public Checks(
                @Nullable List<HttpCheck> http, @Nullable List<SqlCheck> sql, @Nullable List<MetricCheck> promql) {
            this.http = http == null ? List.of() : List.copyOf(http);
            this.sql = sql == null ? List.of() : List.copyOf(sql);
            this.promql = promql == null ? List.of() : List.copyOf(promql);
        }
    }

    /**
     * A PromQL expression whose value must be as it was before the migration; asked while a database is watched.
     *
     * @param prometheus the beginning of its addresses, before {@code /api/v1/query}
     * @param token sent as bearer token, null where none is asked for
     * @param atMost the highest value that is well at any time, null for none
     * @param atMostRatio how many times the value from before the migration it may be, null where that does not matter
     * @param atLeastRatio how many times that value it must be, null where that does not matter
     */
    public record MetricCheck(
            String name,
            URI prometheus,
            @Nullable Secret token,
            String query,
            @Nullable Double atMost,
            @Nullable Double atMostRatio,
            @Nullable Double atLeastRatio) {}

    /**
     * How a database is watched after a rollback: closely first, then for long.
     *
     * @param closeSeconds how long closely, 600 where it is 0
     * @param closeEverySeconds how often meanwhile, 30 where it is 0
     * @param longSeconds how long in all, a day where it is 0
     * @param longEverySeconds how often after the close watch, 900 where it is 0
     */
    public record WatchPolicy(int closeSeconds, int closeEverySeconds, int longSeconds, int longEverySeconds) {
        public WatchPolicy {
            closeSeconds = closeSeconds == 0 ? 600 : closeSeconds;
            closeEverySeconds = closeEverySeconds == 0 ? 30 : closeEverySeconds;
            longSeconds = longSeconds == 0 ? 86_400 : longSeconds;
            longEverySeconds = longEverySeconds == 0 ? 900 : longEverySeconds;
        }
    }

    /** An address that must answer with a status within a time. */
    public record HttpCheck(String name, URI url, int status, int withinSeconds) {
        public HttpCheck {
            if (status == 0) status = 200;
            if (withinSeconds == 0) withinSeconds = 10;
        }
    }

    /** A query that must return one value. */
    public record SqlCheck(String name, String query, String expect) {}

    /** PostgreSQL keeps this many bytes of a name. */
    static final int NAME_BYTES = 63;

    /** So many bytes of the database's name, in whole characters, begin the names that we make: the rest always fits. */
    private static final int STEM_BYTES = 36;

    private static final Pattern MADE = Pattern.compile("__(shadow|failed|snapshot)_[a-z0-9]{1,16}");

    /** The name of a copy that a rollback can swap in. */
    public String shadowName(String id) {
        return made("shadow", id);
    }

    /** The name under which a failed database is kept. */
    public String failedName(String id) {
        return made("failed", id);
    }

    /** The name of a snapshot in clone form. */
    public String snapshotName(String id) {
        return made("snapshot", id);
    }

    /** Whether this is one of the names that are made for this database. */
    public boolean isMadeName(String name) {
        String stem = stem();
        return name.startsWith(stem)
                && MADE.matcher(name.substring(stem.length())).matches();
    }

    private String made(String kind, String id) {
        if (!id.matches("[a-z0-9]{1,16}")) throw new IllegalArgumentException("Not an id for a name: " + id);
        return stem() + "__" + kind + "_" + id;
    }

    String stem() {
        String name = server.database();
        int end = name.length();
        while (bytes(name.substring(0, end)) > STEM_BYTES) end = name.offsetByCodePoints(end, -1);
        return name.substring(0, end);
    }

    static int bytes(String name) {
        return name.getBytes(StandardCharsets.UTF_8).length;
    }
}
