package dev.ripcord.databases;

import dev.ripcord.databases.EnrolledDatabase.Role;
import dev.ripcord.events.Plan;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * The guarded acts on one enrolled database, in the admin database of its server. Each compares the server, the
 * enrolment and the object ids in the transaction in which it acts, and can be done again by the same command.
 */
public final class AdminSession implements AutoCloseable {

    private static final String CLOSE = "ripcord.close($1, $2, $3, $4, $5, $6, $7)";
    private static final String HOLD_OFF = "ripcord.hold_off($1, $2, $3, $4, $5, $6, $7)";
    private static final String CLOSE_FOR_COPY = "ripcord.close_for_copy($1, $2, $3, $4, $5, $6)";
    private static final String LET_WAIT = "ripcord.let_wait($1, $2, $3, $4, $5, $6, $7)";
    private static final String END_WAITING = "ripcord.end_waiting($1, $2, $3, $4, $5, $6)";
    private static final String PAUSES =
            "select step, done_at from ripcord.done($1, $2) where step in ('closed', 'opened')";
    private static final String OPEN = "ripcord.open($1, $2, $3, $4, $5, $6)";
    private static final String SWAP = "ripcord.swap($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    private static final String END_SESSIONS =
            "select pid, who, what from ripcord.end_sessions($1, $2, $3, $4, $5, $6, $7, $8)";

    private static final String IDENTIFY = "select * from ripcord.identify($1)";
    private static final String BLOCKERS = "select kind, what, session from ripcord.blockers($1, $2, $3, $4, $5)";
    private static final String NOTE_PROPERTIES =
            "select property, value from ripcord.note_properties($1, $2, $3, $4, $5, $6)";
    private static final String MEMBERSHIPS = "select ripcord.memberships($1)";

    /** What others call their sessions is not read as a number. */
    private static final String END_EARLIER = """
            select pg_terminate_backend(pid)::text from pg_stat_activity
             where datid = $1::bigint::oid and usename = current_user
               and case when application_name ~ '^ripcord [^ ]+ [0-9]{1,18}$'
                        then split_part(application_name, ' ', 2) = $2 and split_part(application_name, ' ', 3)::bigint < $3 end""";

    private static final Duration SESSIONS_END_WITHIN = Duration.ofSeconds(5);

    private static final String NOT_AT_ONCE = "RC008";

    private final PgSession session;
    private final EnrolledDatabase database;

    private AdminSession(PgSession session, EnrolledDatabase database) {
        this.session = session;
        this.database = database;
    }

    /** Opens it with a service's own role; {@code limit} bounds each act. */
    public static AdminSession open(Vertx vertx, EnrolledDatabase database, Role role, Duration limit) {
        return over(
                PgSession.open(vertx, database.server(), role, database.server().adminDatabase(), limit), database);
    }

    /** Over a session of a service's own role in the admin database, which it closes. */
    public static AdminSession over(PgSession session, EnrolledDatabase database) {
        return new AdminSession(session, database);
    }

    /**
     * Looks at the server and the live database and compares them with the enrolment.
     *
     * @throws RefusedException if it is not the one that was enrolled
     */
    public Identity identify() {
        Row row = place();
        Long oid = row.getLong("live_oid");
        if (oid == null) {
            throw new RefusedException(
                    "There is no database " + database.server().database() + " on " + address());
        }
        if (!oid.equals(row.getLong("enrolled_oid"))) {
            throw new RefusedException("The database " + database.server().database() + " on " + address()
                    + " was made again since it was enrolled: expected object id " + row.getLong("enrolled_oid")
                    + ", found " + oid + "; if that is right, run ripcord enrol again");
        }
        return identity(row, oid);
    }

    /**
     * Looks at a second server, on which the database may not be yet: its object id is 0 then.
     *
     * @throws RefusedException if it is not the server that was enrolled
     */
    public Identity identifySecond() {
        Row row = place();
        Long oid = row.getLong("live_oid");
        return identity(row, oid == null ? 0 : oid);
    }

    private static Identity identity(Row row, long oid) {
        return new Identity(
                row.getString("system_identifier"), row.getString("marker"), oid, row.getInteger("server_version"));
    }

    private Row place() {
        List<Row> rows = session.query(IDENTIFY, database.id());
        if (rows.isEmpty()) {
            throw new RefusedException("Database " + database.id() + " is not enrolled on " + address()
                    + ": run ripcord enrol on that server");
        }
        Row row = rows.getFirst();
        require("enrolment marker", database.server().marker(), row.getString("marker"));
        require("environment", database.environment().name(), row.getString("environment"));
        require("database name", database.server().database(), row.getString("database_name"));
        if (row.getBoolean("in_recovery")) throw new StandbyException("The server " + address() + " is a standby");
        if (!row.getBoolean("address_matches")) {
            throw new RefusedException("The server " + address() + " does not have the address it was enrolled with;"
                    + " if it is not a copy of another, run ripcord enrol again, write the marker that it prints into"
                    + " databases.yaml, then restart the services");
        }
        return row;
    }

    /** What stands in the way of closing the live database, one line each. */
    public List<String> blockers(Identity identity) {
        return blockers(identity, Duration.ZERO).stream().map(Blocker::what).toList();
    }

    /**
     * What stands in the way.
     *
     * @param what it is, in words
     * @param session whose it is, the same as long as that session lasts
     */
    record Blocker(String what, String session) {}

    /**
     * The same without locks of transactions younger than this: a schema change cannot be told from a temporary table of an
     * application, but by how long it lasts.
     */
    List<Blocker> blockers(Identity identity, Duration older) {
        return askForBlockers(identity, older).get();
    }

    /** Asks for them without waiting for the answer. */
    Supplier<List<Blocker>> askForBlockers(Identity identity, Duration older) {
        PgSession.Answer asked = session.send(
                BLOCKERS, database.id(), identity.marker(), identity.systemIdentifier(), identity.oid(), (int)
                        older.toMillis());
        return () -> asked.rows().stream()
                .map(row -> new Blocker(row.getString("kind") + ": " + row.getString("what"), row.getString("session")))
                .toList();
    }

    /** What a plan must show: what stands in the way of a rollback, or must be looked after. */
    public List<Obstruction> obstructions(Identity identity) {
        return session
                .query(
                        "select * from ripcord.obstacles($1, $2, $3, $4)",
                        database.id(),
                        identity.marker(),
                        identity.systemIdentifier(),
                        identity.oid())
                .stream()
                .map(row -> new Obstruction(
                        new Plan.Obstacle(
                                row.getString("kind"),
                                row.getString("what"),
                                row.getString("advice"),
                                row.getBoolean("stops")),
                        List.of(row.getArrayOfLongs("relations"))))
                .toList();
    }

    /**
     * Something that stands in the way.
     *
     * @param obstacle in whose text <code>{relations}</code> stands for their names
     * @param relations object ids in the live database
     */
    public record Obstruction(Plan.Obstacle obstacle, List<Long> relations) {}

    /** Has the server parse what is done while the live database is closed, before it is closed. */
    public void prepareToClose() {
        session.prepare(call(HOLD_OFF), call(CLOSE), END_SESSIONS, call(OPEN), call(SWAP));
    }

    /** Has the server parse what is done around a copy, before the live database is closed for it. */
    public void prepareToCopy() {
        session.prepare(
                IDENTIFY,
                BLOCKERS,
                call(CLOSE_FOR_COPY),
                call(LET_WAIT),
                NOTE_PROPERTIES,
                MEMBERSHIPS,
                call(OPEN),
                PAUSES);
    }

    /**
     * Begins a transaction in which everybody who connects to the server waits, and ends the sessions in the live database
     * but those named. It must end soon: with {@link #swapHeldOff}, or with {@link #letGo}, which leaves all as it was. The
     * server ends it by itself when it hears nothing for a second.
     *
     * @throws DatabaseFailure with state {@code RC008} where that cannot be had at once
     */
    public void holdOff(Command command, Identity identity, List<Integer> keep) {
        session.start("begin");
        send(HOLD_OFF, command, identity, identity.oid(), keep.toArray(Integer[]::new))
                .rows();
    }

    /** As {@link #swap}, at the end of what {@link #holdOff} began. */
    public void swapHeldOff(
            Command command, Identity identity, long copy, String keptName, Duration within, String notedBy) {
        PgSession.Answer swapped = sendSwap(command, identity, copy, keptName, within, notedBy);
        PgSession.Answer committed = session.start("commit");
        swapped.rows();
        committed.rows();
    }

    /** Ends what {@link #holdOff} began; the live database is as it was, but for the sessions that are gone. */
    public void letGo() {
        session.execute("rollback");
    }

    /**
     * Closes the live database for a copy and leaves nobody in it; whoever connects meanwhile waits.
     *
     * @return false where that cannot be had at once: nothing was changed
     */
    public boolean closeForCopy(Command command, Identity identity) {
        try {
            act(CLOSE_FOR_COPY, command, identity, identity.oid());
            return true;
        } catch (DatabaseFailure e) {
            if (!NOT_AT_ONCE.equals(e.sqlState())) throw e;
            return false;
        }
    }

    /** Lets no new session into the live database; {@code forCopy} lets it be the template of a copy meanwhile. */
    public void close(Command command, Identity identity, boolean forCopy) {
        act(CLOSE, command, identity, identity.oid(), forCopy);
    }

    /**
     * Lets no new session into the live database, and ends those that are there but those named.
     *
     * @return one line for each that did not end in time
     */
    public List<String> closeAndEndSessions(
            Command command, Identity identity, boolean forCopy, List<Integer> keep, Duration within) {
        // sent together: the second finds nothing to do where the first was refused, and is refused too
        PgSession.Answer closed = send(CLOSE, command, identity, identity.oid(), forCopy);
        PgSession.Answer ended = sendEndSessions(command, identity, keep, within);
        closed.rows();
        return left(ended);
    }

    /** Ends the sessions in the closed database but those named; one line for each that did not end in time. */
    public List<String> endSessions(Command command, Identity identity, List<Integer> keep, Duration within) {
        return left(sendEndSessions(command, identity, keep, within));
    }

    private PgSession.Answer sendEndSessions(Command command, Identity identity, List<Integer> keep, Duration within) {
        return session.send(
                END_SESSIONS,
                parameters(command, identity, identity.oid(), keep.toArray(Integer[]::new), (int) within.toMillis()));
    }

    private static List<String> left(PgSession.Answer ended) {
        return ended.rows().stream()
                .map(row ->
                        "pid " + row.getInteger("pid") + " (" + row.getString("who") + "): " + row.getString("what"))
                .toList();
    }

    /**
     * Opens the live database as soon as a copy of it has begun: PostgreSQL lets whoever connects wait until the copy is
     * done, where a closed database would refuse him. Returns also where the copy is there already, or does not begin.
     */
    public void letWaitFor(Command command, Identity identity, String copyName) {
        act(LET_WAIT, command, identity, identity.oid(), copyName);
    }

    /**
     * Ends those who wait longest for the copy of the live database, where all together would leave less than a quarter of the
     * server's connections to others. To be done again and again while it is made.
     */
    public void endWaiting(Command command, Identity identity) {
        act(END_WAITING, command, identity, identity.oid());
    }

    /** Lets everybody into the live database again; does nothing where this command does not hold it closed. */
    public void open(Command command, Identity identity) {
        act(OPEN, command, identity, identity.oid());
    }

    /**
     * How long nobody could connect.
     *
     * @param from since when, by the server's clock
     */
    public record Pause(Instant from, Duration length) {}

    /** As {@link #open}; how long this command had it closed last, by the server's own record. */
    public Pause openAfterPause(Command command, Identity identity) {
        // sent together
        PgSession.Answer opened = send(OPEN, command, identity, identity.oid());
        PgSession.Answer pauses = session.send(PAUSES, database.id(), command.id());
        opened.rows();
        Pause pause = null;
        OffsetDateTime closed = null;
        for (Row row : pauses.rows()) {
            OffsetDateTime at = row.getOffsetDateTime("done_at");
            if (row.getString("step").equals("closed")) {
                if (closed == null) closed = at;
            } else if (closed != null) {
                pause = new Pause(closed.toInstant(), Duration.between(closed, at));
                closed = null;
            }
        }
        if (pause == null) throw new IllegalStateException("The server knows of no pause made by " + command.id());
        return pause;
    }

    /**
     * Takes whatever a rollback holds from it, for good, and lets everybody into the live database again as it was.
     *
     * @param by who signed that
     * @return {@code opened}, {@code open} where there was nothing to do, {@code swapped} where it is too late, or
     *     {@code closed by another}
     */
    public String reopen(String command, Identity identity, String by) {
        return session.query(
                        "select ripcord.reopen($1, $2, $3, $4, $5, $6)",
                        database.id(),
                        identity.marker(),
                        identity.systemIdentifier(),
                        command,
                        identity.oid(),
                        by)
                .getFirst()
                .getString(0);
    }

    /** The sessions in the live database that change its schema, or stand in somebody's way. */
    public List<LiveSession> sessions(Identity identity) {
        return session
                .query(
                        "select * from ripcord.sessions($1, $2, $3, $4)",
                        database.id(),
                        identity.marker(),
                        identity.systemIdentifier(),
                        identity.oid())
                .stream()
                .map(LiveSession::of)
                .toList();
    }

    /**
     * Ends one of {@link #sessions}.
     *
     * @param by who signed that
     * @return {@code ended}, or {@code told to end} where it is not gone after five seconds
     */
    public String endSession(Identity identity, int pid, OffsetDateTime since, String by) {
        return session.query(
                        "select ripcord.end_session($1, $2, $3, $4, $5, $6, $7)",
                        database.id(),
                        identity.marker(),
                        identity.systemIdentifier(),
                        identity.oid(),
                        pid,
                        since,
                        by)
                .getFirst()
                .getString(0);
    }

    /**
     * Opens a sealed copy for the rollback role alone.
     *
     * @return its name
     * @throws DatabaseFailure with state {@code RC005} where its seal is broken
     */
    public String openPrivately(Command command, Identity identity, long oid, String seal) {
        return act("ripcord.open_privately($1, $2, $3, $4, $5, $6, $7)", command, identity, oid, seal)
                .getString(0);
    }

    /**
     * Opens a sealed copy for the role that changes databases in place, with the live database's owner and settings: what
     * can be done there can be rehearsed here. The live database itself is refused.
     *
     * @return its name
     * @throws DatabaseFailure with state {@code RC005} where its seal is broken
     */
    public String openForRehearsal(Command command, Identity identity, long oid, String seal) {
        return act(
                        "ripcord.open_for_rehearsal($1, $2, $3, $4, $5, $6, $7, $8)",
                        command,
                        identity,
                        identity.oid(),
                        oid,
                        seal)
                .getString(0);
    }

    /** Closes what {@link #openForRehearsal} opened, and gives it back to whom it belonged. */
    public void endRehearsal(Command command, Identity identity, long oid) {
        act("ripcord.end_rehearsal($1, $2, $3, $4, $5, $6)", command, identity, oid);
    }

    /** Closes a copy to everybody; its new seal. */
    public String seal(Command command, Identity identity, long oid) {
        act("ripcord.seal($1, $2, $3, $4, $5, $6)", command, identity, oid);
        return sealOf(oid).orElseThrow(() -> new RefusedException("Database with object id " + oid + " is not closed"));
    }

    /** Closes a copy that {@link #openPrivately} opened for a swap which is given up; {@link #sealSince} tells its seal from then on. */
    public void sealUnswapped(Command command, Identity identity, long oid) {
        act("ripcord.seal_unswapped($1, $2, $3, $4, $5, $6)", command, identity, oid);
    }

    /** The seal of a closed database, none for one that is open or gone. */
    public Optional<String> sealOf(long oid) {
        return Optional.ofNullable(
                session.query("select ripcord.seal_of($1)", oid).getFirst().getString(0));
    }

    /** The seal that a copy has now, if nobody but a reader of ours was in it since it had this one. */
    public Optional<String> sealSince(long oid, String seal) {
        return Optional.ofNullable(session.query("select ripcord.seal_since($1, $2, $3)", database.id(), oid, seal)
                .getFirst()
                .getString(0));
    }

    /**
     * Opens a sealed copy to be read by the rollback role; {@link #sealUnchanged} closes it, and it counts as untouched.
     *
     * @return its name
     * @throws DatabaseFailure with state {@code RC005} where its seal is broken
     */
    public String openToRead(Command command, Identity identity, long oid, String seal) {
        return act("ripcord.open_to_read($1, $2, $3, $4, $5, $6, $7)", command, identity, oid, seal)
                .getString(0);
    }

    /** Closes a copy that was opened to read; {@link #sealSince} tells its seal from then on. */
    public void sealUnchanged(Command command, Identity identity, long oid) {
        act("ripcord.seal_unchanged($1, $2, $3, $4, $5, $6)", command, identity, oid);
    }

    /** Closes a copy that was opened to read, as {@link #sealUnchanged}, where whoever read it is gone without having done it. */
    public void endInterruptedReading(Identity identity, long oid) {
        session.query(
                "select ripcord.end_interrupted_reading($1, $2, $3, $4)::text",
                database.id(),
                identity.marker(),
                identity.systemIdentifier(),
                oid);
    }

    /** A transaction id before which nothing was written since a command took its copy; none where that is not known. */
    public Optional<String> horizon(String command) {
        return Optional.ofNullable(session.query("select ripcord.horizon($1, $2)", database.id(), command)
                .getFirst()
                .getString(0));
    }

    /** Who is in whose role, of the roles that a database knows; the server keeps this, no copy does. */
    public String memberships(long oid) {
        return session.query(MEMBERSHIPS, oid).getFirst().getString(0);
    }

    /**
     * Tries out whether the copy can get the properties that {@link #swap} will give it, and changes nothing.
     *
     * @throws DatabaseFailure with state {@code RC006} naming those that it cannot get
     */
    public void rehearseCarryOver(Identity identity, long copy, String notedBy) {
        session.query(
                "select ripcord.rehearse_carry_over($1, $2, $3, $4, $5, $6)::text",
                database.id(),
                identity.marker(),
                identity.systemIdentifier(),
                identity.oid(),
                copy,
                notedBy);
    }

    /**
     * Swaps the live database with a copy, in one transaction, and opens it: the point of no return. Done before by the
     * same command, it does nothing.
     *
     * @param copy the object id of the copy
     * @param keptName the name under which the database is kept that is live now
     * @param notedBy the snapshot of the copy, or the swap that is undone: what it noted of the database itself comes back
     *     with the copy; where it noted nothing, the copy gets what the live database has
     */
    public void swap(Command command, Identity identity, long copy, String keptName, Duration within, String notedBy) {
        sendSwap(command, identity, copy, keptName, within, notedBy).rows();
    }

    private PgSession.Answer sendSwap(
            Command command, Identity identity, long copy, String keptName, Duration within, String notedBy) {
        return send(SWAP, command, identity, identity.oid(), copy, keptName, (int) within.toMillis(), notedBy);
    }

    /**
     * Notes that a transaction of another session is about to change the live database in place, and keeps copies and swaps
     * away until {@link #open}.
     *
     * @param processId of that session's server process
     * @param transaction its full transaction id
     */
    public void beginInPlace(Command command, Identity identity, int processId, String transaction) {
        act(
                "ripcord.begin_in_place($1, $2, $3, $4, $5, $6, $7, $8)",
                command,
                identity,
                identity.oid(),
                processId,
                transaction);
    }

    /** What became of a change in place: {@code committed}, {@code in progress} or {@code aborted}, if there was one. */
    public Optional<String> changedInPlace(String command) {
        return Optional.ofNullable(session.query("select ripcord.changed_in_place($1, $2)", database.id(), command)
                .getFirst()
                .getString(0));
    }

    /** Ends the session of an earlier owner of the command that still changes the live database in place. */
    public void endInPlace(Command command, Identity identity) {
        act("ripcord.end_in_place($1, $2, $3, $4, $5, $6)", command, identity, identity.oid());
    }

    /**
     * Ends the sessions in the live database that earlier owners of this command have opened as {@link Command#session}: one
     * that is stopped would keep its locks until it goes on. Where this owner has noted something before, none that is opened
     * later stays: see {@link #requireNewest}.
     *
     * @throws IllegalStateException if they do not end within five seconds
     */
    public void endEarlier(Command command, Identity identity) {
        long until = System.nanoTime() + SESSIONS_END_WITHIN.toNanos();
        while (!session.query(END_EARLIER, identity.oid(), command.id(), command.fence())
                .isEmpty()) {
            if (System.nanoTime() > until) {
                throw new IllegalStateException(
                        "Sessions of an earlier owner of " + command.id() + " are still in the live database");
            }
            session.query("select pg_sleep(0.005)::text");
        }
    }

    /**
     * For whoever has opened a session as {@link Command#session}: it must not stay open where this raises.
     *
     * @throws IllegalStateException if a newer owner of the command has done something on the server
     */
    public void requireNewest(Command command) {
        boolean overtaken = !session.query(
                        "select 1 from ripcord.done($1, $2) where fence > $3",
                        database.id(),
                        command.id(),
                        command.fence())
                .isEmpty();
        if (overtaken) throw new IllegalStateException("A newer owner has taken over " + command.id());
    }

    /** Whether this command has done that step on the server, whatever its own memory says. */
    public boolean done(Command command, String step) {
        return !session.query("select 1 from ripcord.done($1, $2) where step = $3", database.id(), command.id(), step)
                .isEmpty();
    }

    /**
     * The swap that a command has done.
     *
     * @param kept the object id of the database that was live before
     * @param keptName the name under which it was kept then
     * @param outageMillis from closing the live database to opening the other, by the server's own clock
     * @param properties what of the database itself is no longer as it was just before, one line each
     */
    public record SwapDone(long kept, String keptName, double outageMillis, Instant at, List<String> properties) {

        private static SwapDone of(Row row) {
            JsonObject detail = new JsonObject(row.getString("detail"));
            return new SwapDone(
                    detail.getLong("kept"),
                    detail.getString("kept_name"),
                    row.getDouble("millis"),
                    row.getOffsetDateTime("done_at").toInstant(),
                    detail.getJsonArray("properties", new JsonArray()).stream()
                            .map(String::valueOf)
                            .toList());
        }
    }

    /** What the server itself knows of a command's swap; none where it has not swapped. */
    public Optional<SwapDone> swapDone(String command) {
        return session.query("""
                        select extract(epoch from s.done_at - coalesce((select min(c.done_at) from ripcord.done($1, $2) c where c.step = 'closed' and c.done_at < s.done_at), s.done_at))::float8 * 1000 as millis,
                               s.done_at, s.detail from ripcord.done($1, $2) s where s.step = 'swapped'""", database.id(), command).stream()
                .map(SwapDone::of)
                .findFirst();
    }

    /**
     * Gives a closed and proven copy on a second server the database's own name and lets everybody in; never over a
     * database that is there. Done before by the same command, it does nothing.
     *
     * @param properties that the database had, as a manifest has them
     * @return those that it does not have there, one line each
     */
    public List<String> install(
            Command command, Identity identity, long copy, String seal, Map<String, String> properties) {
        String differing = act(
                        "ripcord.install($1, $2, $3, $4, $5, $6, $7, $8)",
                        command,
                        identity,
                        copy,
                        seal,
                        new JsonObject(new TreeMap<String, Object>(properties)))
                .getString(0);
        return differing == null ? List.of() : differing.lines().toList();
    }

    /** Properties of a database itself: owner, grants, settings, limit, comment, encoding, collation. */
    public Map<String, String> properties(long oid) {
        return byName(session.query("select property, value from ripcord.properties($1)", oid));
    }

    /** The live database's properties, noted on the server under this command: a swap brings them back. */
    public Map<String, String> noteProperties(Command command, Identity identity) {
        // sent together
        PgSession.Answer properties = session.send(NOTE_PROPERTIES, parameters(command, identity, identity.oid()));
        PgSession.Answer memberships = session.send(MEMBERSHIPS, identity.oid());
        Map<String, String> noted = byName(properties.rows());
        noted.put(ManifestComparison.MEMBERSHIPS, memberships.rows().getFirst().getString(0));
        return noted;
    }

    /** What {@link #noteProperties} returned when this command noted last; empty where it has noted nothing. */
    public Map<String, String> notedProperties(Command command, Identity identity) {
        Map<String, String> noted = byName(session.query(
                "select property, value from ripcord.noted_properties($1, $2)", database.id(), command.id()));
        if (!noted.isEmpty()) noted.put(ManifestComparison.MEMBERSHIPS, memberships(identity.oid()));
        return noted;
    }

    private static Map<String, String> byName(List<Row> rows) {
        Map<String, String> properties = new TreeMap<>();
        rows.forEach(row -> properties.put(row.getString(0), row.getString(1)));
        return properties;
    }

    @Override
    public void close() {
        session.close();
    }

    private Row act(String call, Command command, Identity identity, Object... more) {
        return send(call, command, identity, more).rows().getFirst();
    }

    private PgSession.Answer send(String call, Command command, Identity identity, Object... more) {
        return session.send(call(call), parameters(command, identity, more));
    }

    private static String call(String function) {
        return "select " + function + "::text";
    }

    private Object[] parameters(Command command, Identity identity, Object... more) {
        Object[] parameters = new Object[5 + more.length];
        parameters[0] = database.id();
        parameters[1] = identity.marker();
        parameters[2] = identity.systemIdentifier();
        parameters[3] = command.id();
        parameters[4] = command.fence();
        System.arraycopy(more, 0, parameters, 5, more.length);
        return parameters;
    }

    private void require(String what, String expected, String found) {
        if (!expected.equals(found)) {
            throw new RefusedException("Wrong " + what + " on " + address() + " for " + database.id() + ": expected "
                    + expected + ", found " + found
                    + "; if databases.yaml says so by now, restart the services, which read it when they start");
        }
    }

    private String address() {
        return database.server().host() + ":" + database.server().port();
    }

    /**
     * Who acts.
     *
     * @param id of the rollback or snapshot; what it did, it does not do again
     * @param fence grows with each new owner of the work; an older owner is refused
     */
    public record Command(String id, long fence) {

        /** What a session is called in which this owner works in the live database: {@link #endEarlier} finds it by that. */
        public String session() {
            return PgSession.APPLICATION + " " + id + " " + fence;
        }
    }
}
