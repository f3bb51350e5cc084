package dev.ripcord.snapshot.provider.archive;

import dev.ripcord.databases.AdminSession.Command;
import dev.ripcord.databases.Blockers;
import dev.ripcord.databases.DatabaseFailure;
import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.databases.ManifestReader;
import dev.ripcord.databases.PgSession;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/**
 * One moment of the live database, held for as long as the session is open. Every table is locked against schema changes
 * before the moment is chosen: chosen first, a rewrite that is under way would show an empty table without any error.
 */
final class HeldMoment implements AutoCloseable {

    private static final Duration LOOK_AGAIN = Duration.ofMillis(50);
    private static final String LOCK_NOT_AVAILABLE = "55P03";
    private static final String UNDEFINED_TABLE = "42P01";
    private static final String TABLES = """
            select c.oid::bigint as oid, format('%I.%I', n.nspname, c.relname) as name, c.relkind = 'p' as partitioned,
                   exists (select 1 from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e') as extension
              from pg_class c join pg_namespace n on n.oid = c.relnamespace
             where c.relkind in ('r', 'p') and c.relpersistence <> 't' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
             order by c.oid""";

    /** What pg_dump itself asks before it leaves an index out. */
    private static final String INVALID_INDEXES = """
            select i.indexrelid::regclass::text as name
              from pg_index i join pg_class t on t.oid = i.indrelid join pg_namespace n on n.oid = t.relnamespace
             where not ((i.indisvalid or t.relkind = 'p') and i.indisready) and n.nspname !~ '^pg_'
             order by name""";

    private static final String HALF_DETACHED =
            "select inhrelid::regclass::text as name from pg_inherits where inhdetachpending order by name";

    /** What comes with an extension, or belongs to something else in the list, has no owner of its own in an archive. */
    private static final String OUT_OF_REACH = """
            with owned (class, oid, owner, space) as (
                select 'pg_namespace'::regclass, oid, nspowner, oid from pg_namespace
                union all
                select 'pg_class'::regclass, oid, relowner, relnamespace from pg_class
                 where relkind in ('r', 'p', 'v', 'm', 'S', 'f') and relpersistence <> 't'
                union all
                select 'pg_proc'::regclass, oid, proowner, pronamespace from pg_proc
                union all
                select 'pg_type'::regclass, oid, typowner, typnamespace from pg_type t
                 where typelem = 0 and (typrelid = 0 or (select relkind from pg_class c where c.oid = t.typrelid) = 'c')
                union all
                select 'pg_operator'::regclass, oid, oprowner, oprnamespace from pg_operator
                union all
                select 'pg_collation'::regclass, oid, collowner, collnamespace from pg_collation
                union all
                select 'pg_conversion'::regclass, oid, conowner, connamespace from pg_conversion
                union all
                select 'pg_ts_config'::regclass, oid, cfgowner, cfgnamespace from pg_ts_config
                union all
                select 'pg_ts_dict'::regclass, oid, dictowner, dictnamespace from pg_ts_dict
                union all
                select 'pg_statistic_ext'::regclass, oid, stxowner, stxnamespace from pg_statistic_ext
                union all
                select 'pg_publication'::regclass, oid, pubowner, null from pg_publication
                union all
                select 'pg_foreign_server'::regclass, oid, srvowner, null from pg_foreign_server
                union all
                select 'pg_largeobject'::regclass, min(oid::bigint)::oid, lomowner, null from pg_largeobject_metadata group by lomowner)
            select pg_describe_object(o.class, o.oid, 0) as name
              from owned o left join pg_namespace n on n.oid = o.space, pg_roles r
             where r.rolname = $1 and coalesce(n.nspname !~ '^pg_' and n.nspname <> 'information_schema', true)
               and not exists (select from pg_depend d where d.classid = o.class and d.objid = o.oid and d.deptype in ('e', 'i'))
               and o.owner <> 'pg_database_owner'::regrole and not pg_has_role(r.oid, o.owner, 'USAGE')
             order by o.class <> 'pg_namespace'::regclass, name""";

    private final PgSession session;
    private final List<Table> tables;
    private final String id;
    private final String encoding;
    private final Instant at;

    private HeldMoment(PgSession session, List<Table> tables, Row exported) {
        this.session = session;
        this.tables = tables;
        this.id = exported.getString("id");
        this.encoding = exported.getString("encoding");
        this.at = exported.getOffsetDateTime("at").toInstant();
    }

    /**
     * A table that is locked.
     *
     * @param name qualified and quoted
     * @param extension whether it comes with an extension, and so is not in an archive
     */
    record Table(long oid, String name, boolean partitioned, boolean extension) {}

    /** Holds the present moment; empty where a table stays locked by somebody else. */
    static Optional<HeldMoment> of(Vertx vertx, EnrolledDatabase database, Command command) {
        PgSession session = PgSession.open(
                vertx,
                database.server(),
                database.roles().snapshot(),
                database.server().database(),
                database.snapshot().limit(),
                command.session());
        long until = System.nanoTime() + Blockers.PATIENCE.toNanos();
        try {
            while (true) {
                Optional<HeldMoment> held = attempt(session);
                if (held.isPresent()) return held;
                session.execute("rollback");
                if (System.nanoTime() > until) {
                    session.close();
                    return Optional.empty();
                }
                LockSupport.parkNanos(LOOK_AGAIN.toNanos());
            }
        } catch (RuntimeException e) {
            session.close();
            throw e;
        }
    }

    private static Optional<HeldMoment> attempt(PgSession session) {
        List<Table> before = tables(session);
        session.execute("begin isolation level repeatable read read only");
        // the application needs the processors more than the manifest, which has the time that the dump takes
        session.execute("set local max_parallel_workers_per_gather = 0");
        try {
            if (!before.isEmpty()) {
                session.execute(before.stream()
                        .map(table -> "only " + table.name())
                        .collect(Collectors.joining(", ", "lock table ", " in access share mode nowait")));
            }
        } catch (DatabaseFailure e) {
            if (LOCK_NOT_AVAILABLE.equals(e.sqlState()) || UNDEFINED_TABLE.equals(e.sqlState()))
                return Optional.empty();
            throw e;
        }
        Row exported = session.query(
                        "select pg_export_snapshot() as id, getdatabaseencoding()::text as encoding, clock_timestamp() as at")
                .getFirst();
        return tables(session).equals(before)
                ? Optional.of(new HeldMoment(session, before, exported))
                : Optional.empty();
    }

    private static List<Table> tables(PgSession session) {
        return session.query(TABLES).stream()
                .map(row -> new Table(
                        row.getLong("oid"),
                        row.getString("name"),
                        row.getBoolean("partitioned"),
                        row.getBoolean("extension")))
                .toList();
    }

    /** The session in whose transaction the moment is held. */
    PgSession session() {
        return session;
    }

    List<Table> tables() {
        return tables;
    }

    /** Indexes that an archive of this moment would lack, qualified and quoted. */
    List<String> invalidIndexes() {
        return session.query(INVALID_INDEXES).stream()
                .map(row -> row.getString("name"))
                .toList();
    }

    /** Partitions whose detaching was interrupted, and which an archive would bring back attached. */
    List<String> halfDetached() {
        return session.query(HALF_DETACHED).stream()
                .map(row -> row.getString("name"))
                .toList();
    }

    /** What belongs to somebody in whose name this role can make nothing: it cannot be restored by it. */
    List<String> outOfReach(String restorer) {
        return session.query(OUT_OF_REACH, restorer).stream()
                .map(row -> row.getString("name"))
                .toList();
    }

    /**
     * What comes with an extension and has other rights than it came with: its owner in a restored archive is the server's first
     * superuser, and this role's GRANT and REVOKE do nothing but warn.
     */
    List<String> rightsOutOfReach(String restorer) {
        boolean superuser = session.query("select from pg_roles where rolsuper and rolname = $1", restorer)
                        .size()
                > 0;
        return superuser ? List.of() : ManifestReader.extensionRights(session);
    }

    /** What another session gives to see the same moment. */
    String id() {
        return id;
    }

    /** The database's own, in which an archive loses nothing: its sessions may have been given one that lacks characters. */
    String encoding() {
        return encoding;
    }

    /** Bytes in the database's encoding, as text. */
    String text(byte[] bytes) {
        return session.query("select convert_from($1, getdatabaseencoding())", Buffer.buffer(bytes))
                .getFirst()
                .getString(0);
    }

    Instant at() {
        return at;
    }

    @Override
    public void close() {
        session.close();
    }
}
