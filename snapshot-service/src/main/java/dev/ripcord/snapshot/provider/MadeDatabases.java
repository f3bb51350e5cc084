package dev.ripcord.snapshot.provider;

import dev.ripcord.databases.DatabaseFailure;
import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.databases.PgSession;
import dev.ripcord.snapshot.core.Provider.Order;
import dev.ripcord.snapshot.core.Refusal;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The databases that we make beside an enrolled one: only names that are made for it are touched, and only databases that
 * belong to the snapshot role or to one that it may act as. They are closed to everybody but while their content is read.
 */
public final class MadeDatabases implements AutoCloseable {

    private static final Pattern MADE = Pattern.compile("__(shadow|snapshot)_([a-z0-9]{1,16})$");
    private static final Duration SESSIONS_END_WITHIN = Duration.ofSeconds(5);
    private static final Duration LASTING = Duration.ofMillis(500);
    private static final String FIND = "select oid::bigint from pg_database where datname = $1";
    private static final String CLAIM =
            "select ripcord.claim($1, $2, (select system_identifier::text from pg_control_system()), $3, $4)::text";
    private static final String UNFIT = """
            select format('the database has the subscription %s, which stays with the failed database when it is swapped', quote_ident(subname)) as reason,
                   'drop it, or leave this database to a tool that restores in place' as next
              from pg_subscription where subdbid = $1::bigint::oid
            union all
            select format('the database was made with another version of its collation: %s, now %s', datcollversion, pg_database_collation_actual_version(oid)),
                   'rebuild its indexes, then alter database ... refresh collation version, and ask again'
              from pg_database where $2 and oid = $1::bigint::oid and datcollversion <> pg_database_collation_actual_version(oid)""";
    private static final String END_OURS =
            "select pg_terminate_backend(pid)::text from pg_stat_activity where datname = $1 and pg_has_role(usesysid, 'usage')";
    private static final String INSUFFICIENT_PRIVILEGE = "42501";
    private static final String DUPLICATE_DATABASE = "42P04";
    private static final String UNIQUE_VIOLATION = "23505";

    private final Vertx vertx;
    private final EnrolledDatabase database;
    private final long fence;
    private final PgSession session;
    private final Set<String> claimed = new HashSet<>();

    /** Over a session of the snapshot role in the admin database, which it closes. */
    MadeDatabases(Vertx vertx, Order order, PgSession session) {
        this.vertx = vertx;
        this.database = order.database();
        this.fence = order.fence();
        this.session = session;
    }

    /** Opens a session of the snapshot role in the admin database. */
    public static MadeDatabases open(AdminSessions sessions, Order order) {
        return new MadeDatabases(sessions.vertx(), order, sessions.open(order.database()));
    }

    /** The object id of the database with this name, if there is one. */
    public Optional<Long> find(String name) {
        return session.query(FIND, name).stream().map(row -> row.getLong(0)).findFirst();
    }

    /** Has the server parse what is asked for before a copy, once. */
    static void prepare(PgSession session) {
        session.prepare(FIND, CLAIM, UNFIT);
    }

    /** Asks at once for all that must be known before a copy of the live database is made under this name, and claims it. */
    public Look look(String name, long oid) {
        return new Look(name, oid);
    }

    /** What the server answers to that; each is waited for where it is read. */
    public final class Look {

        private final String name;
        private final PgSession.Answer found;
        private final PgSession.Answer claim;
        private final PgSession.Answer unfit;

        private Look(String name, long oid) {
            this.name = name;
            this.found = session.send(FIND, name);
            this.claim = sendClaim(name);
            this.unfit = session.send(UNFIT, oid, true);
        }

        /** Whether the copy is there already. */
        public boolean there() {
            return !found.rows().isEmpty();
        }

        /**
         * Waits for the claim.
         *
         * @throws DatabaseFailure with state {@code RC003} where the work has a newer owner by now
         */
        public void claimed() {
            claim.rows();
            claimed.add(name);
        }

        /** What keeps the live database from being copied, with what to do about it. */
        public Optional<Refusal> unfit() {
            return refusals(unfit).stream().findFirst();
        }
    }

    /**
     * Makes this session the only one that may make, open or remove the database of this name, in place of whoever had
     * it before; done by itself before the first such act.
     *
     * @throws DatabaseFailure with state {@code RC003} where the work has a newer owner by now
     */
    public void claim(String name) {
        if (claimed.contains(name)) return;
        sendClaim(name).rows();
        claimed.add(name);
    }

    private PgSession.Answer sendClaim(String name) {
        requireMade(name);
        return session.send(CLAIM, database.id(), database.server().marker(), name, fence);
    }

    /** What keeps the live database from being copied or put back, with what to do about it; as a template there is more. */
    public List<Refusal> unfit(long oid, boolean asTemplate) {
        return refusals(session.send(UNFIT, oid, asTemplate));
    }

    private static List<Refusal> refusals(PgSession.Answer answer) {
        return answer.rows().stream()
                .map(row -> new Refusal(row.getString("reason"), row.getString("next")))
                .toList();
    }

    /** Copies a database that nobody is connected to, file by file; does nothing where the copy is there. */
    public void copy(String from, String to) {
        create(to, "template " + quoted(from) + " strategy file_copy");
    }

    /**
     * As {@link #copy(String, String)}; does something else meanwhile, on another session.
     *
     * @param begun once
     * @param lasting again and again after that, for as long as it takes
     * @return how many bytes the copy has, asked for together with it
     */
    public long copy(String from, String to, Runnable begun, Runnable lasting) {
        claim(to);
        PgSession.Answer made = start(to, "template " + quoted(from) + " strategy file_copy");
        PgSession.Answer bytes = session.start("select pg_database_size('" + to.replace("'", "''") + "'::name)");
        try {
            begun.run();
            long until = System.nanoTime() + database.snapshot().limit().toNanos();
            while (!made.within(LASTING) && System.nanoTime() < until) lasting.run();
        } finally {
            awaitMade(made, to);
        }
        return bytes.rows().getFirst().getLong(0);
    }

    /** How many bytes a database of ours has. */
    public long bytes(String name) {
        return session.query("select pg_database_size($1::name)", name)
                .getFirst()
                .getLong(0);
    }

    private void create(String name, String options) {
        claim(name);
        awaitMade(start(name, options), name);
    }

    private PgSession.Answer start(String name, String options) {
        return session.start("create database " + quoted(name) + " " + options + " allow_connections false");
    }

    private void awaitMade(PgSession.Answer made, String name) {
        try {
            made.rows();
        } catch (DatabaseFailure e) {
            boolean there = DUPLICATE_DATABASE.equals(e.sqlState()) || UNIQUE_VIOLATION.equals(e.sqlState());
            if (!there || find(name).isEmpty()) throw e;
        }
    }

    /** Makes an empty database with the encoding, locale, tablespace and owner of another. */
    public void createLike(long oid, String name, String restorer) {
        create(name, EmptyDatabase.like(session, oid, restorer));
    }

    /** Makes an empty database with what a manifest has recorded, on a server on which its own database is not. */
    public void createAs(Map<String, String> properties, String name, String restorer) {
        create(name, EmptyDatabase.as(session, properties, restorer));
    }

    /** Makes a role the owner of a database of ours. */
    public void giveTo(String name, String role) {
        claim(name);
        session.execute("alter database " + quoted(name) + " owner to " + quoted(role));
    }

    /** Lets in its owner and nobody else but superusers. */
    public void openForOwner(String name) {
        claim(name);
        session.execute("revoke all on database " + quoted(name) + " from public");
        session.execute("alter database " + quoted(name) + " with allow_connections true");
    }

    /** Lets nobody in any more, ends what an owner before has left there, and returns when nobody is there. */
    public void close(String name) {
        claim(name);
        session.execute("alter database " + quoted(name) + " with allow_connections false");
        session.query(END_OURS, name);
        long until = System.nanoTime() + SESSIONS_END_WITHIN.toNanos();
        while (sessions(find(name).orElseThrow()) > 0) {
            if (System.nanoTime() > until) {
                throw new IllegalStateException("There are still sessions in " + name + ", which only we may be in");
            }
            session.query("select pg_sleep(0.005)::text");
        }
    }

    /** How many sessions there are in the database with this object id. */
    public long sessions(long oid) {
        // the server's own workers have no user, and give way
        return session.query(
                        "select count(*) from pg_stat_activity where datid = $1::bigint::oid and usesysid is not null",
                        oid)
                .getFirst()
                .getLong(0);
    }

    /** How many rows are being written by COPY into the database with this object id. */
    public long rowsBeingCopied(long oid) {
        return session.query(
                        "select coalesce(sum(tuples_processed), 0)::bigint from pg_stat_progress_copy where datid = $1::bigint::oid",
                        oid)
                .getFirst()
                .getLong(0);
    }

    /**
     * Opens it for its owner, reads in it, and closes it. Nobody writes there, so it needs no transaction, which would hold a
     * lock of each table and index that it has read: the server has a limited number of them, for everybody.
     */
    public <T> T read(String name, Function<PgSession, T> reading) {
        openForOwner(name);
        try (PgSession inside = PgSession.open(
                vertx,
                database.server(),
                database.roles().snapshot(),
                name,
                database.snapshot().limit())) {
            return reading.apply(inside);
        } finally {
            close(name);
        }
    }

    /** Removes an unfinished database of ours, with our sessions in it; does nothing where there is none. */
    public void drop(String name) {
        if (!requireOurs(name)) return;
        String drop = "drop database if exists " + quoted(name);
        try {
            session.execute(drop + " with (force)");
        } catch (DatabaseFailure e) {
            if (!INSUFFICIENT_PRIVILEGE.equals(e.sqlState())) throw e;
            // autovacuum or a superuser is in it, and so nobody was ended: without force the server sends the one away
            // by
            // itself, and waits a moment for the other
            session.query(END_OURS, name);
            session.execute(drop);
        }
    }

    /**
     * Removes a database of ours if it still has the name that we gave it: one that was swapped in has another.
     *
     * @throws DatabaseFailure if somebody is in it, a rollback for example
     */
    public void drop(String name, long oid) {
        boolean same = find(name).filter(found -> found == oid).isPresent();
        if (same && requireOurs(name)) session.execute("drop database if exists " + quoted(name));
    }

    /** Whether there is one; raises where it is not ours to remove. */
    private boolean requireOurs(String name) {
        claim(name);
        Optional<Row> found = session
                .query(
                        "select pg_get_userbyid(datdba)::text, pg_has_role(datdba, 'member') from pg_database where datname = $1",
                        name)
                .stream()
                .findFirst();
        if (found.isPresent() && !found.get().getBoolean(1)) {
            throw new IllegalStateException(
                    "Database " + name + " belongs to " + found.get().getString(0) + ", so it is not ours to remove");
        }
        return found.isPresent();
    }

    @Override
    public void close() {
        session.close();
    }

    private void requireMade(String name) {
        Matcher made = MADE.matcher(name);
        boolean ours = made.find()
                && (name.equals(database.shadowName(made.group(2)))
                        || name.equals(database.snapshotName(made.group(2))));
        if (!ours || name.equals(database.server().database())) {
            throw new IllegalArgumentException("Not a name that is made for " + database.id() + ": " + name);
        }
    }

    static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}
