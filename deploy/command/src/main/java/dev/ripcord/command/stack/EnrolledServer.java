package dev.ripcord.command.stack;

import dev.ripcord.databases.DatabaseFailure;
import dev.ripcord.databases.EnrolledDatabase.Environment;
import dev.ripcord.databases.EnrolledDatabase.Role;
import dev.ripcord.databases.EnrolledDatabase.Server;
import dev.ripcord.databases.EnrolledDatabase.Tls;
import dev.ripcord.databases.Enrolment;
import dev.ripcord.databases.PgSession;
import dev.ripcord.databases.Secret;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL server whose databases are enrolled, with the passwords of the services' roles.
 *
 * @param tls how it is connected to, null for not at all
 * @param ca the file of the authority that its certificate is checked with
 * @param admin superuser
 * @param secrets where the roles' passwords are and are written
 * @param newPasswords whether enrolling draws them anew
 */
public record EnrolledServer(
        String host,
        int port,
        @Nullable Tls tls,
        @Nullable String ca,
        Role admin,
        SecretFiles secrets,
        boolean newPasswords) {

    private static final List<String> ROLES = List.of("snapshot", "rollback", "verifier");
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final String WRONG_PASSWORD = "28P01";

    /** Without TLS, with the passwords that are there. */
    public EnrolledServer(String host, int port, Role admin, SecretFiles secrets) {
        this(host, port, null, null, admin, secrets, false);
    }

    /** The superuser with a password in a file. */
    public static Role superuser(String name, Path passwordFile) {
        return new Role(name, new Secret(null, passwordFile));
    }

    /**
     * Makes sure that it can be prepared, and that passwords can be written, before anything is done.
     *
     * @param second whether as the second server of the database, which is not there then
     */
    public void requireReady(Vertx vertx, String database, boolean second, boolean archive, boolean inPlace) {
        if (newPasswords) secrets.requireWritable();
        else secrets.requireWritable(users(archive || second, inPlace && !second));
        Enrolment.requireReady(vertx, server(database), admin);
        if (!second) Enrolment.requireDatabase(vertx, server(database), admin);
    }

    /** Whether the services' roles have passwords, which enrolling some database of this server gives them last. */
    public boolean hasRoles(Vertx vertx) {
        try (PgSession session = PgSession.open(vertx, server("postgres"), admin, "postgres", LIMIT)) {
            return !session.query(
                            "select from pg_authid where rolname = 'ripcord_snapshot' and rolpassword is not null")
                    .isEmpty();
        }
    }

    /** Whether the passwords here are not those that its roles have. */
    public boolean hasOtherPasswords(Vertx vertx) {
        Server server = server("postgres");
        Role role = new Role("ripcord_snapshot", new Secret(null, secrets.file("ripcord_snapshot")));
        try (PgSession session = PgSession.open(vertx, server, role, server.adminDatabase(), LIMIT)) {
            return false;
        } catch (DatabaseFailure e) {
            return WRONG_PASSWORD.equals(e.sqlState());
        }
    }

    /** The marker that this database was enrolled with, if it was. */
    public Optional<String> marker(Vertx vertx, String id) {
        return Enrolment.marker(vertx, server("postgres"), admin, id);
    }

    private Server server(String database) {
        return new Server(host, port, database, null, "", tls, ca);
    }

    /**
     * Prepares this server as the second one of a database that is not on it; what belongs into that one's entry.
     *
     * @param owners of the objects that will be restored here
     */
    public Map<String, Object> enrolSecond(
            Vertx vertx, String id, String database, Environment environment, List<String> owners) {
        Server server = server(database);
        String marker = Enrolment.enrolSecond(vertx, server, admin, id, environment, Map.of(), owners);
        Map<String, Object> roles = roles(vertx, server, true, false);
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("server", place(database, marker));
        entry.put("roles", roles);
        return entry;
    }

    /** Passwords come last: where anything before them fails, the files and the server still agree. */
    private Map<String, Object> roles(Vertx vertx, Server server, boolean archive, boolean inPlace) {
        Map<String, Object> roles = new LinkedHashMap<>();
        Map<String, String> passwords = new LinkedHashMap<>();
        for (String role : needed(archive, inPlace)) {
            String user = user(role);
            if (newPasswords) secrets.renew(user);
            passwords.put(user, secrets.read(user));
            roles.put(role, Map.of("user", user, "password", DatabasesFile.secret(secrets.file(user))));
        }
        Enrolment.givePasswords(vertx, server, admin, passwords);
        return roles;
    }

    private static List<String> needed(boolean archive, boolean inPlace) {
        List<String> needed = new ArrayList<>(ROLES);
        if (archive) needed.add("restore");
        if (inPlace) needed.add("change");
        return needed;
    }

    private static List<String> users(boolean archive, boolean inPlace) {
        return needed(archive, inPlace).stream().map(EnrolledServer::user).toList();
    }

    private static String user(String role) {
        return "ripcord_" + role;
    }

    private Map<String, Object> place(String database, String marker) {
        Map<String, Object> place = new LinkedHashMap<>();
        place.put("host", host);
        place.put("port", port);
        place.put("database", database);
        place.put("marker", marker);
        if (tls != null && tls != Tls.disable) place.put("tls", tls == Tls.verifyFull ? "verify-full" : "require");
        if (ca != null) place.put("ca", ca);
        return place;
    }

    /** Lets everybody into a database again that is held closed by whom nobody goes on with; what there is to say about it. */
    public Optional<String> clearHold(Vertx vertx, String id, String database) {
        return Enrolment.clearHold(vertx, server(database), admin, id);
    }

    /** What takes back the rights that an earlier enrolment of this database asked for, and these options do not. */
    public List<String> unasked(Vertx vertx, String database, boolean archive, boolean inPlace) {
        return Enrolment.unasked(vertx, server(database), admin, archive, inPlace);
    }

    /**
     * Enrols a database; its entry in {@code databases.yaml}, to which checks and routes can be added.
     *
     * @param archive whether archives of it will be restored, or scripts build it anew
     * @param inPlace whether rollbacks may change it where it stands
     */
    public Map<String, Object> enrol(
            Vertx vertx, String id, String database, Environment environment, boolean archive, boolean inPlace) {
        Server server = server(database);
        String marker = Enrolment.enrol(vertx, server, admin, id, environment, Map.of(), archive, inPlace);
        Map<String, Object> roles = roles(vertx, server, archive, inPlace);
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("id", id);
        entry.put("environment", environment.name());
        entry.put("server", place(database, marker));
        entry.put("roles", roles);
        return entry;
    }
}
