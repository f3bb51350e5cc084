package dev.ripcord.command.stack;

import dev.ripcord.databases.EnrolledDatabase.Environment;
import dev.ripcord.databases.EnrolledDatabase.Role;
import dev.ripcord.databases.EnrolledDatabase.Server;
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

/**
 * A PostgreSQL server whose databases are enrolled, with the passwords of the services' roles.
 *
 * @param admin superuser
 * @param secrets where the roles' passwords are and are written
 */
public record EnrolledServer(String host, int port, Role admin, SecretFiles secrets) {

    private static final List<String> ROLES = List.of("snapshot", "rollback", "verifier");

    /** The superuser with a password in a file. */
    public static Role superuser(String name, Path passwordFile) {
        return new Role(name, new Secret(null, passwordFile));
    }

    /** Whether some database of this server was enrolled before. */
    public boolean hasRoles(Vertx vertx) {
        Server server = new Server(host, port, "postgres", null, "", null, null);
        try (PgSession session = PgSession.open(vertx, server, admin, "postgres", Duration.ofSeconds(10))) {
            return !session.query("select from pg_roles where rolname = 'ripcord_snapshot'")
                    .isEmpty();
        }
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
        Map<String, Object> roles = new LinkedHashMap<>();
        List<String> needed = new ArrayList<>(ROLES);
        if (archive) needed.add("restore");
        if (inPlace) needed.add("change");
        for (String role : needed) {
            String user = "ripcord_" + role;
            passwords.put(user, secrets.read(user));
            roles.put(role, Map.of("user", user, "password", DatabasesFile.secret(secrets.file(user))));
        }
        Server server = new Server(host, port, database, null, "", null, null);
        String marker = Enrolment.enrol(vertx, server, admin, id, environment, passwords, archive, inPlace);
        Map<String, Object> place = new LinkedHashMap<>();
        place.put("host", host);
        place.put("port", port);
        place.put("database", database);
        place.put("marker", marker);
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("id", id);
        entry.put("environment", environment.name());
        entry.put("server", place);
        entry.put("roles", roles);
        return entry;
    }
}
