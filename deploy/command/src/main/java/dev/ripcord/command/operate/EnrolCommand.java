package dev.ripcord.command.operate;

import dev.ripcord.command.CommandFailedException;
import dev.ripcord.command.stack.DatabasesFile;
import dev.ripcord.command.stack.EnrolledServer;
import dev.ripcord.command.stack.SecretFiles;
import dev.ripcord.databases.DatabaseFailure;
import dev.ripcord.databases.EnrolledDatabase.Environment;
import dev.ripcord.databases.EnrolledDatabase.Tls;
import dev.ripcord.databases.RefusedException;
import dev.ripcord.events.KafkaBinding;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ripcord enrol}. */
@Command(
        name = "enrol",
        description = "Prepares a PostgreSQL server for one database: the admin database with its functions and the"
                + " enrolment marker, the services' roles; passwords that are in --secrets already are kept. Prints what belongs into"
                + " databases.yaml. Can be done again at any time, with the same --secrets folder.")
public final class EnrolCommand implements Callable<Integer> {

    /** As databases.yaml has them. */
    private static final Pattern ID = Pattern.compile("[a-z][a-z0-9-]{0,39}");

    @Option(names = "--host", required = true, description = "Of the server")
    private String host = "";

    @Option(names = "--port", defaultValue = "5432", description = "Of the server, ${DEFAULT-VALUE}")
    private int port = 5432;

    @Option(names = "--database", required = true, description = "Its name on the server")
    private String database = "";

    @Option(names = "--id", description = "Its id in events and addresses; default: its name")
    private @Nullable String id;

    @Option(names = "--environment", required = true, description = "${COMPLETION-CANDIDATES}")
    private Environment environment = Environment.production;

    @Option(names = "--admin-user", defaultValue = "postgres", description = "A superuser, ${DEFAULT-VALUE}")
    private String adminUser = "postgres";

    @Option(names = "--admin-password-file", required = true, paramLabel = "FILE", description = "With its password")
    private Path adminPasswordFile = Path.of("");

    @Option(
            names = "--tls",
            defaultValue = "disable",
            description = "disable, require (encrypted, whoever answers), or verify-full (its certificate and name are"
                    + " checked); the services connect like this too: ${DEFAULT-VALUE}")
    private String tls = "disable";

    @Option(
            names = "--ca",
            paramLabel = "FILE",
            description =
                    "With --tls verify-full: the authority of its certificate, as PEM; for a public one the system's, such as"
                            + " /etc/ssl/certs/ca-certificates.crt")
    private @Nullable Path ca;

    @Option(
            names = "--secrets",
            paramLabel = "DIR",
            defaultValue = "ripcord-secrets",
            description = "Where the roles' passwords are written, readable for you alone; those that are there are"
                    + " kept: ${DEFAULT-VALUE}")
    private Path secrets = Path.of("ripcord-secrets");

    @Option(
            names = "--new-passwords",
            description = "Give the services' roles new passwords though the server has them already: services that use"
                    + " the old ones must be given the new files")
    private boolean newPasswords;

    @Option(
            names = "--archive",
            paramLabel = "DIR",
            description = "Snapshots are archives (pg_dump) in this folder; else clones on the server itself")
    private @Nullable Path archive;

    @Option(
            names = "--end-sessions",
            description = "A clone may end the application's sessions for a moment; without it a snapshot fails while"
                    + " somebody is connected")
    private boolean endSessions;

    @Option(
            names = "--in-place",
            description =
                    "Rollbacks may also change the database where it stands (schema, partial, down, sql), as a role"
                            + " that acts for the objects' owners")
    private boolean inPlace;

    @Option(
            names = "--rebuild",
            paramLabel = "DIR",
            description = "Where nothing else is left, the scripts in this folder may build the database anew")
    private @Nullable Path rebuild;

    @Option(names = "--seeds", paramLabel = "DIR", description = "With --rebuild: the scripts that make its first rows")
    private @Nullable Path seeds;

    @Option(
            names = "--second-server",
            description =
                    "This is the second server of a database that is not on it: archives can be restored here, and"
                            + " the application be pointed here. Prints what belongs under secondServer in the database's entry")
    private boolean secondServer;

    @Option(
            names = "--owner",
            description =
                    "With --second-server: a role that owns objects of the database, and must be there already; can"
                            + " be repeated")
    private List<String> owners = List.of();

    @Option(names = "--json", description = "Print the entry as JSON")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        if (!Files.isReadable(adminPasswordFile)) {
            throw new CommandFailedException("the password file " + adminPasswordFile + " cannot be read");
        }
        String named = id == null ? database : id;
        if (!ID.matcher(named).matches()) {
            throw new CommandFailedException(
                    "an id has small letters, digits and hyphens, 40 at most, and begins with a"
                            + " letter: choose one with --id, found " + named);
        }
        if (tls() == Tls.verifyFull && (ca == null || !Files.isReadable(ca))) {
            throw new CommandFailedException(
                    "--tls verify-full needs --ca, a file that can be read with the authority of the"
                            + " server's certificate; for a public one the system's, such as /etc/ssl/certs/ca-certificates.crt");
        }
        if (seeds != null && rebuild == null) throw new CommandFailedException("--seeds needs --rebuild");
        boolean restores = archive != null || rebuild != null;
        Map<String, Object> entry;
        Vertx vertx = Vertx.vertx();
        try {
            EnrolledServer server = new EnrolledServer(
                    host,
                    port,
                    tls(),
                    ca == null ? null : ca.toAbsolutePath().toString(),
                    EnrolledServer.superuser(adminUser, adminPasswordFile),
                    new SecretFiles(secrets.toAbsolutePath()),
                    newPasswords);
            server.requireReady(vertx, database, secondServer, archive != null || rebuild != null, inPlace);
            requireKnownPasswords(vertx, server);
            Optional<String> before = server.marker(vertx, named);
            if (!secondServer) server.clearHold(vertx, named, database).ifPresent(System.err::println);
            entry = secondServer
                    ? server.enrolSecond(vertx, named, database, environment, owners)
                    : server.enrol(vertx, named, database, environment, restores, inPlace);
            if (!secondServer) sayUnasked(server.unasked(vertx, database, restores, inPlace));
            if (before.isPresent() && !before.equals(server.marker(vertx, named))) {
                System.err.println("The marker is a new one, for the server has another address than when " + named
                        + " was enrolled before: until databases.yaml has it and the services are restarted, they refuse"
                        + " the database.");
            }
        } catch (RefusedException e) {
            throw new CommandFailedException(String.valueOf(e.getMessage()), e);
        } catch (DatabaseFailure e) {
            throw new CommandFailedException(
                    "the server " + host + ":" + port + " cannot be prepared: " + e.getMessage(), e);
        } finally {
            vertx.close();
        }
        if (secondServer) {
            Map<String, Object> second = Map.of("secondServer", entry);
            return printed(second, "into databases.yaml under the entry of " + named, DatabasesFile.within(second));
        }
        entry.put("snapshot", snapshot());
        if (rebuild != null) entry.put("rebuild", scripts(rebuild));
        return printed(entry, "into databases.yaml", DatabasesFile.text(List.of(entry), List.of()));
    }

    private int printed(Map<String, Object> entry, String place, String text) throws IOException {
        if (json) {
            System.out.println(
                    KafkaBinding.JSON.writerWithDefaultPrettyPrinter().writeValueAsString(entry));
            return 0;
        }
        System.err.println("Prepared. The roles' passwords are in " + secrets.toAbsolutePath()
                + ". This belongs " + place
                + ", with checks and routes as you want them; then restart the services, which"
                + " read it when they start:");
        System.out.print(text);
        return 0;
    }

    private static void sayUnasked(List<String> statements) {
        if (statements.isEmpty()) return;
        System.err.println(
                "An earlier enrolment with more options has left rights that none of these asks for. Where no other"
                        + " database of this server needs them, take them back as a superuser: "
                        + String.join("; ", statements));
    }

    /** One server has each role once: a second database there must not change its password by accident. */
    private void requireKnownPasswords(Vertx vertx, EnrolledServer server) {
        if (newPasswords || !server.hasRoles(vertx)) return;
        if (Files.exists(secrets.resolve("ripcord_snapshot")) && !server.hasOtherPasswords(vertx)) return;
        throw new CommandFailedException("the server " + host + ":" + port + " has the services' roles already, and "
                + secrets.toAbsolutePath() + " does not hold their passwords: name the folder of its first enrolment"
                + " with --secrets, or ask for --new-passwords");
    }

    private Tls tls() {
        return switch (tls) {
            case "disable" -> Tls.disable;
            case "require" -> Tls.require;
            case "verify-full" -> Tls.verifyFull;
            default -> throw new CommandFailedException("--tls is disable, require or verify-full, found " + tls);
        };
    }

    private Map<String, Object> scripts(Path baseline) {
        Map<String, Object> scripts = new LinkedHashMap<>();
        scripts.put("baseline", baseline.toAbsolutePath().toString());
        if (seeds != null) scripts.put("seeds", seeds.toAbsolutePath().toString());
        return scripts;
    }

    private Map<String, Object> snapshot() {
        Map<String, Object> snapshot = new LinkedHashMap<>();
        snapshot.put("form", archive == null ? "clone" : "archive");
        if (archive != null) snapshot.put("store", archive.toAbsolutePath().toString());
        if (archive == null) snapshot.put("endSessions", endSessions);
        return snapshot;
    }
}
