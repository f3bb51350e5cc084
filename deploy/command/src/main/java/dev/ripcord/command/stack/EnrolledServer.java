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
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL server whose databases are enrolled, with the passwords of the services' roles.
 *
 * @param tls how it is connected to, null for not at all
 * @param ca the file of the authority that its certificate is checked with
 * @param admin superuser
 * @param secrets where the roles' passwords are and are written
 */
public record EnrolledServer(
        String host, int port, @Nullable Tls tls, @Nullable String ca, Role admin, SecretFiles secrets) {

    private static final List<String> ROLES = List.of("snapshot", "rollback", "verifier");
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final String WRONG_PASSWORD = "28P01";

    /** Without TLS. */
    public EnrolledServer(String host, int port, Role admin, SecretFiles secrets) {
        this(host, port, null, null, admin, secrets);
    }

    /** The superuser with a password in a file. */
    public static Role superuser(String name, Path passwordFile) {
        return new Role(name, new Secret(null, passwordFile));
    }

    /** Whether some database of this server was enrolled before. */
    public boolean hasRoles(Vertx vertx) {
        try (PgSession session = PgSession.open(vertx, server("postgres"), admin, "postgres", LIMIT)) {
            return !session.query("select from pg_roles where rolname = 'ripcord_snapshot'")
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

    /** Draws the passwords anew that enrolling like this gives to the roles. */
    public void renewPasswords(boolean archive, boolean inPlace) {
        for (String role : needed(archive, inPlace)) secrets.renewed("ripcord_" + role);
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
        Map<String, String> passwords = new LinkedHashMap<>();
        Map<String, Object> roles = roles(passwords, true, false);
        Server server = server(database);
        String marker = Enrolment.enrolSecond(vertx, server, admin, id, environment, passwords, owners);
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("server", place(database, marker));
        entry.put("roles", roles);
        return entry;
    }

    private Map<String, Object> roles(Map<String, String> passwords, boolean archive, boolean inPlace) {
        Map<String, Object> roles = new LinkedHashMap<>();
        for (String role : needed(archive, inPlace)) {
            String user = "ripcord_" + role;
            passwords.put(user, secrets.read(user));
            roles.put(role, Map.of("user", user, "password", DatabasesFile.secret(secrets.file(user))));
        }
        return roles;
    }

    private static List<String> needed(boolean archive, boolean inPlace) {
        List<String> needed = new ArrayList<>(ROLES);
        if (archive) needed.add("restore");
        if (inPlace) needed.add("change");
        return needed;
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

    /**
     * Enrols a database; its entry in {@code databases.yaml}, to which checks and routes can be added.
     *
     * @param archive whether archives of it will be restored, or scripts build it anew
     * @param inPlace whether rollbacks may change it where it stands
     */
    public Map<String, Object> enrol(
            Vertx vertx, String id, String database, Environment environment, boolean archive, boolean inPlace) {
        Map<String, String> passwords = new LinkedHashMap<>();
        Map<String, Object> roles = roles(passwords, archive, inPlace);
        Server server = server(database);
        String marker = Enrolment.enrol(vertx, server, admin, id, environment, passwords, archive, inPlace);
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("id", id);
        entry.put("environment", environment.name());
        entry.put("server", place(database, marker));
        entry.put("roles", roles);
        return entry;
    }
}
