package dev.ripcord.databases;

import dev.ripcord.databases.EnrolledDatabase.Environment;
import dev.ripcord.databases.EnrolledDatabase.Role;
import dev.ripcord.databases.EnrolledDatabase.Server;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Prepares a server for one database: the admin database with the guarded functions and the enrolment marker, the
 * services' roles, the rights on sequences. Can be done again at any time, also for a database that is enrolled already.
 */
public final class Enrolment {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int OLDEST = 15;
    private static final int NEWEST = 18;
    private static final int NAMED = 20;

    private Enrolment() {}

    /** Enrols a database whose rollbacks never change it where it stands. */
    public static String enrol(
            Vertx vertx,
            Server server,
            Role superuser,
            String databaseId,
            Environment environment,
            Map<String, String> passwords,
            boolean archive) {
        return enrol(vertx, server, superuser, databaseId, environment, passwords, archive, false);
    }

    /**
     * Enrols a database; needs a superuser.
     *
     * @param server where it is; its marker is not read
     * @param superuser who prepares the server
     * @param passwords of the services' roles, by role name such as {@code ripcord_snapshot}; a role that is not named
     *     keeps its password
     * @param archive whether archives of it will be restored, which needs rights of its objects' owners
     * @param inPlace whether rollbacks may change it where it stands, which needs the same rights for another role
     * @return the enrolment marker, which belongs into {@code databases.yaml}
     */
    public static String enrol(
            Vertx vertx,
            Server server,
            Role superuser,
            String databaseId,
            Environment environment,
            Map<String, String> passwords,
            boolean archive,
            boolean inPlace) {
        requireReady(vertx, server, superuser);
        requireDatabase(vertx, server, superuser);
        requireSameDatabase(vertx, server, superuser, databaseId);
        try (PgSession session = PgSession.open(vertx, server, superuser, "postgres", LIMIT)) {
            prepare(session, server, passwords);
            session.execute(quoted(
                    session,
                    "grant connect on database %I to ripcord_snapshot, ripcord_rollback, ripcord_verifier",
                    server.database()));
        }
        try (PgSession session = PgSession.open(vertx, server, superuser, server.database(), LIMIT)) {
            session.execute(SqlResource.read("database.sql"));
            if (archive) session.execute(SqlResource.read("archive.sql"));
            if (inPlace) session.execute(SqlResource.read("change.sql"));
        }
        try (PgSession session = PgSession.open(vertx, server, superuser, server.adminDatabase(), LIMIT)) {
            session.execute(SqlResource.read("admin.sql"));
            return session.query("""
                            insert into ripcord.enrolment as e (database_id, database_name, environment, marker, server_addr, server_port, live_oid)
                            select $1, $2, $3, $4, inet_server_addr(), inet_server_port(), oid::bigint from pg_database where datname = $2
                            on conflict (database_id) do update set database_name = excluded.database_name, environment = excluded.environment,
                               marker = case when (e.server_addr, e.server_port) is not distinct from (excluded.server_addr, excluded.server_port) then e.marker else excluded.marker end,
                               server_addr = excluded.server_addr, server_port = excluded.server_port, live_oid = excluded.live_oid, enrolled_at = now()
                            returning marker::text""", databaseId, server.database(), environment.name(), UUID.randomUUID())
                    .getFirst()
                    .getString(0);
        }
    }

    /**
     * Prepares a second server for a database that is not there yet; needs a superuser. The roles that own its objects, and
     * those that use it, must be there.
     *
     * @param owners roles as which archives are restored
     * @return the enrolment marker of that server
     */
    public static String enrolSecond(
            Vertx vertx,
            Server server,
            Role superuser,
            String databaseId,
            Environment environment,
            Map<String, String> passwords,
            List<String> owners) {
        requireReady(vertx, server, superuser);
        requireSameDatabase(vertx, server, superuser, databaseId);
        try (PgSession session = PgSession.open(vertx, server, superuser, "postgres", LIMIT)) {
            if (!session.query("select from pg_database where datname = $1", server.database())
                    .isEmpty()) {
                throw new RefusedException("There is a database " + server.database()
                        + " on the second server: what is restored there never replaces one");
            }
            prepare(session, server, passwords);
            for (String owner : owners) session.execute(quoted(session, "grant %I to ripcord_restore", owner));
            session.execute("grant ripcord_restore to ripcord_snapshot");
        }
        try (PgSession session = PgSession.open(vertx, server, superuser, server.adminDatabase(), LIMIT)) {
            session.execute(SqlResource.read("admin.sql"));
            return session.query("""
                            insert into ripcord.enrolment as e (database_id, database_name, environment, marker, server_addr, server_port, live_oid)
                            values ($1, $2, $3, $4, inet_server_addr(), inet_server_port(), 0)
                            on conflict (database_id) do update set database_name = excluded.database_name, environment = excluded.environment,
                               server_addr = excluded.server_addr, server_port = excluded.server_port, live_oid = 0, enrolled_at = now()
                            returning marker::text""", databaseId, server.database(), environment.name(), UUID.randomUUID())
                    .getFirst()
                    .getString(0);
        }
    }

    /**
     * Lets everybody into a database again that is enrolled already and held closed by whom nobody goes on with: after a failover, or a
     * restore of the server from a backup. To be called before enrolling again, which has to get in; needs a superuser.
     *
     * @return what was done, or who holds it and what to do about that; empty where nobody does
     */
    public static Optional<String> clearHold(Vertx vertx, Server server, Role superuser, String databaseId) {
        if (!requireSameDatabase(vertx, server, superuser, databaseId)) return Optional.empty();
        try (PgSession session = PgSession.open(vertx, server, superuser, server.adminDatabase(), LIMIT)) {
            session.execute(SqlResource.read("roles.sql"));
            session.execute(SqlResource.read("admin.sql"));
            return Optional.ofNullable(session.query("select ripcord.clear_hold($1)", databaseId)
                    .getFirst()
                    .getString(0));
        }
    }

    /**
     * Makes sure that a server can be prepared. Changes nothing.
     *
     * @throws RefusedException saying what is in the way
     */
    public static void requireReady(Vertx vertx, Server server, Role superuser) {
        try (PgSession session = PgSession.open(vertx, server, superuser, "postgres", LIMIT)) {
            Row found = session.query("select current_setting('server_version_num')::integer / 10000, rolsuper"
                            + " from pg_roles where rolname = current_user")
                    .getFirst();
            if (!found.getBoolean(1)) {
                throw new RefusedException(superuser.user() + " is no superuser of " + server.host() + ":"
                        + server.port() + ": enrolling needs one");
            }
            if (found.getInteger(0) < OLDEST || found.getInteger(0) > NEWEST) {
                throw new RefusedException("PostgreSQL " + found.getInteger(0) + " is not supported: " + OLDEST + " to "
                        + NEWEST + " are");
            }
        }
    }

    /**
     * Makes sure that the database is on the server. Changes nothing.
     *
     * @throws RefusedException naming those that are
     */
    public static void requireDatabase(Vertx vertx, Server server, Role superuser) {
        try (PgSession session = PgSession.open(vertx, server, superuser, "postgres", LIMIT)) {
            List<String> there = session.query("select datname::text from pg_database order by datname").stream()
                    .map(row -> row.getString(0))
                    .toList();
            if (there.contains(server.database())) return;
            throw new RefusedException("There is no database " + server.database() + " on " + server.host() + ":"
                    + server.port() + ", among "
                    + there.stream().limit(NAMED).collect(Collectors.joining(", "))
                    + (there.size() > NAMED ? " and " + (there.size() - NAMED) + " more" : ""));
        }
    }

    /** The marker that a database was enrolled with; empty where it was not. */
    public static Optional<String> marker(Vertx vertx, Server server, Role superuser, String databaseId) {
        if (!hasEnrolments(vertx, server, superuser)) return Optional.empty();
        try (PgSession session = PgSession.open(vertx, server, superuser, server.adminDatabase(), LIMIT)) {
            return session
                    .query("select marker::text from ripcord.enrolment where database_id = $1", databaseId)
                    .stream()
                    .map(row -> row.getString(0))
                    .findFirst();
        }
    }

    /**
     * Else every gate and rollback of the database that has this id would be refused from now on. Changes nothing.
     *
     * @return whether anything is enrolled on this server
     */
    private static boolean requireSameDatabase(Vertx vertx, Server server, Role superuser, String databaseId) {
        if (!hasEnrolments(vertx, server, superuser)) return false;
        try (PgSession session = PgSession.open(vertx, server, superuser, server.adminDatabase(), LIMIT)) {
            session.query(
                            "select database_name from ripcord.enrolment where database_id = $1 and database_name <> $2",
                            databaseId,
                            server.database())
                    .forEach(other -> {
                        throw new RefusedException("The id " + databaseId + " belongs to the database "
                                + other.getString(0)
                                + " on this server: choose another with --id; if that was renamed to "
                                + server.database() + ": update ripcord.enrolment set database_name = '"
                                + server.database().replace("'", "''") + "' where database_id = '" + databaseId
                                + "' in the admin database, then enrol again");
                    });
            session.query(
                            "select database_id from ripcord.enrolment where database_name = $1 and database_id <> $2",
                            server.database(),
                            databaseId)
                    .forEach(other -> {
                        String known = other.getString(0);
                        throw new RefusedException("The database " + server.database()
                                + " is enrolled on this server as " + known + ": name that with --id; if that is wrong"
                                + " and nothing was done under it yet: update ripcord.enrolment set database_id = '"
                                + databaseId + "' where database_id = '" + known
                                + "' in the admin database, then enrol again; else end that enrolment first, as"
                                + " deploy/docs/guards.md says");
                    });
            return true;
        }
    }

    /**
     * What would take back the rights that an earlier enrolment with more options has left in a database, a statement each. Another
     * database of the server may need them. Changes nothing.
     */
    public static List<String> unasked(Vertx vertx, Server server, Role superuser, boolean archive, boolean inPlace) {
        try (PgSession session = PgSession.open(vertx, server, superuser, server.database(), LIMIT)) {
            return session.query("""
                            select format('revoke %I from %I', o.rolname, m.rolname)
                              from pg_auth_members a join pg_roles o on o.oid = a.roleid join pg_roles m on m.oid = a.member
                             where (m.rolname = 'ripcord_restore' and not $1 or m.rolname = 'ripcord_change' and not $2)
                               and exists (select from pg_shdepend d
                                            where d.dbid = (select oid from pg_database where datname = current_database())
                                              and d.refclassid = 'pg_authid'::regclass and d.refobjid = o.oid and d.deptype = 'o')
                             order by 1""", archive, inPlace).stream()
                    .map(row -> row.getString(0))
                    .toList();
        }
    }

    private static boolean hasEnrolments(Vertx vertx, Server server, Role superuser) {
        try (PgSession session = PgSession.open(vertx, server, superuser, "postgres", LIMIT)) {
            if (!hasAdminDatabase(session, server)) return false;
        }
        try (PgSession session = PgSession.open(vertx, server, superuser, server.adminDatabase(), LIMIT)) {
            return !session.query("select 1 where to_regclass('ripcord.enrolment') is not null")
                    .isEmpty();
        }
    }

    private static boolean hasAdminDatabase(PgSession session, Server server) {
        return !session.query("select 1 from pg_database where datname = $1", server.adminDatabase())
                .isEmpty();
    }

    /**
     * Gives the services' roles of an enrolled server their passwords, as enrolling does; for a caller who must know that
     * nothing else is in the way.
     */
    public static void givePasswords(Vertx vertx, Server server, Role superuser, Map<String, String> passwords) {
        try (PgSession session = PgSession.open(vertx, server, superuser, "postgres", LIMIT)) {
            givePasswords(session, passwords);
        }
    }

    private static void givePasswords(PgSession session, Map<String, String> passwords) {
        session.execute("set log_statement = 'none'");
        session.execute("set log_min_duration_statement = -1");
        for (Map.Entry<String, String> password : passwords.entrySet()) {
            session.execute(session.query(
                            "select format('alter role %I password %L', $1::text, $2::text)",
                            password.getKey(), ScramVerifier.of(password.getValue()))
                    .getFirst()
                    .getString(0));
        }
    }

    private static void prepare(PgSession session, Server server, Map<String, String> passwords) {
        session.execute(SqlResource.read("roles.sql"));
        givePasswords(session, passwords);
        if (!hasAdminDatabase(session, server)) {
            session.execute(quoted(session, "create database %I", server.adminDatabase()));
        }
        session.execute(quoted(session, "revoke all on database %I from public", server.adminDatabase()));
        session.execute(quoted(
                session,
                "grant connect on database %I to ripcord_snapshot, ripcord_rollback, ripcord_verifier",
                server.adminDatabase()));
    }

    /** The rights that enrolling gives within a database, for one that is made later; as who may act as its owners. */
    public static void grantWithin(PgSession session) {
        session.execute(SqlResource.read("database.sql"));
    }

    private static String quoted(PgSession session, String statement, String name) {
        return session.query("select format($1, $2::text)", statement, name)
                .getFirst()
                .getString(0);
    }
}
