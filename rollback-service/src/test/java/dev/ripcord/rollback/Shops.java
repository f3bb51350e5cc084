package dev.ripcord.rollback;

import com.sun.net.httpserver.HttpServer;
import dev.ripcord.databases.EnrolledDatabase.Environment;
import dev.ripcord.databases.EnrolledDatabase.Role;
import dev.ripcord.databases.EnrolledDatabase.Server;
import dev.ripcord.databases.Enrolment;
import dev.ripcord.databases.Secret;
import dev.ripcord.embedded.EmbeddedInfrastructure;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Enrolled databases on a real server, one for each test, and what the service is told of them. */
public class Shops implements QuarkusTestResourceLifecycleManager {

    static final String PASSWORD = "secret-of-a-test";
    static final String TOKEN = "token-of-a-test";
    static final List<String> DEVELOPMENT = List.of(
            "plain",
            "twice",
            "undone",
            "moved",
            "uncounted",
            "uncounting",
            "rewound",
            "unsealed",
            "unproven",
            "remade",
            "locked",
            "unwell",
            "busy",
            "counted",
            "stuck",
            "copyless",
            "lookedinto",
            "roleless",
            "restarted",
            "stamped",
            "hostile",
            "reported",
            "held",
            "insisting",
            "unheld",
            "stubborn",
            "orphan",
            "strange",
            "resumed");
    static final String STAGING = "staged";
    static final String PRODUCTION = "production";
    static final List<String> IN_PRODUCTION = List.of(
            PRODUCTION,
            "two",
            "alone",
            "expired",
            "forged",
            "judged",
            "hung",
            "waiting",
            "slacked",
            "slackno",
            "unheard",
            "shut",
            "unrun",
            "unbegun",
            "asked",
            "unapplied",
            "outdated",
            "anew",
            "praised");

    /** For tests of alerts, each with its rules; the last of them in production. */
    private static final Map<String, String> ALARMED = Map.of(
            "alarmed", "soakSeconds: 0, quorum: 2, coolDownSeconds: 0, signals: { PricesWrong: dataWrong }",
            "soaked", "soakSeconds: 5, signals: { PricesWrong: dataWrong }",
            "shadowed", "mode: shadow, soakSeconds: 0, signals: { PricesWrong: dataWrong }",
            "stormed", "soakSeconds: 0",
            "mended", "soakSeconds: 0, signals: { PricesWrong: dataWrong }",
            "guarded", "soakSeconds: 0, signals: { PricesWrong: dataWrong }");

    static final String INTAKE_TOKEN = "token-of-monitoring";
    static final String SIGNING_KEY = "key-of-grafana";

    /** What was asked of Slack: path, authorization and body. */
    static final List<String> SLACK = new CopyOnWriteArrayList<>();

    /** The ids of the rollbacks whose hook that restarts the application was called. */
    static final List<String> RESTARTS = new CopyOnWriteArrayList<>();

    /** What the application was told of the maintenance of its database: path and rollback. */
    static final List<String> MAINTENANCE = new CopyOnWriteArrayList<>();

    /** Where the delivery system of some of them is. */
    static final List<String> ARGO = new CopyOnWriteArrayList<>();

    private static final List<String> HELD = List.of("held", "insisting", "unheld", "stubborn", "orphan");

    /** Production, each for a test of plans. */
    private static final List<String> PLANNED =
            List.of("planned", "cold", "altered", "late", "delivered", "hasty", "setback", "forgotten");

    /** With a role for changes in place, which may write to what belongs to the role that migrates. */
    private static final List<String> STAMPED = List.of("stamped", "setback");

    private final Vertx vertx = Vertx.vertx();
    private @Nullable HttpServer hooks;
    private @Nullable ArgoServer argo;

    @Override
    public Map<String, String> start() {
        EmbeddedInfrastructure infrastructure = EmbeddedInfrastructure.shared();
        try {
            Path folder = Files.createTempDirectory("ripcord-rollback-test");
            Path password = Files.writeString(folder.resolve("password"), PASSWORD + "\n");
            Path root = Files.writeString(
                    folder.resolve("root"), infrastructure.postgres().password());
            hooks = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            hooks.createContext("/restart", exchange -> {
                RESTARTS.add(exchange.getRequestHeaders().getFirst("Idempotency-Key"));
                exchange.sendResponseHeaders(204, -1);
                exchange.close();
            });
            for (String path : List.of("/on", "/off")) {
                hooks.createContext(path, exchange -> {
                    MAINTENANCE.add(path + " " + exchange.getRequestHeaders().getFirst("Idempotency-Key"));
                    exchange.sendResponseHeaders(204, -1);
                    exchange.close();
                });
            }
            for (String path : List.of("/slack/views.open", "/slack/respond")) {
                hooks.createContext(path, exchange -> {
                    SLACK.add(path + " " + exchange.getRequestHeaders().getFirst("Authorization") + " "
                            + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
                    byte[] ok = "{\"ok\":true}".getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(200, ok.length);
                    exchange.getResponseBody().write(ok);
                    exchange.close();
                });
            }
            hooks.start();
            argo = new ArgoServer("held", "insisting", "stubborn", "orphan");
            ARGO.add(argo.address());
            Path argoToken = Files.writeString(folder.resolve("argo-token"), ArgoServer.TOKEN + "\n");
            String address = "http://127.0.0.1:" + hooks.getAddress().getPort();
            String restart = "    hooks: { restart: \"" + address + "/restart\" }\n";
            String maintenance =
                    "    hooks: { maintenanceOn: \"" + address + "/on\", maintenanceOff: \"" + address + "/off\" }\n";
            StringBuilder yaml = new StringBuilder("databases:\n");
            for (String name : DEVELOPMENT) {
                yaml.append(enrolled(infrastructure, name, Environment.development, root, password));
                if (name.equals("restarted")) yaml.append(restart);
                if (name.equals("plain")) yaml.append(maintenance);
                if (name.equals("reported")) {
                    yaml.append("    targets: { plan: PT0.001S, outage: PT30S, requestToOutcome: PT10M }\n");
                }
                if (HELD.contains(name)) yaml.append(hold(name, argo, argoToken));
            }
            yaml.append(enrolled(infrastructure, STAGING, Environment.staging, root, password));
            for (String name : IN_PRODUCTION) {
                yaml.append(enrolled(infrastructure, name, Environment.production, root, password));
            }
            for (String name : PLANNED) {
                yaml.append(enrolled(infrastructure, name, Environment.staging, root, password));
                if (name.equals("delivered"))
                    yaml.append("    delivery: { match: { service: acme/shop, environment: live } }\n");
            }
            for (String name : ALARMED.keySet()) {
                boolean last = name.equals("guarded");
                yaml.append(enrolled(
                                infrastructure,
                                name,
                                last ? Environment.production : Environment.staging,
                                root,
                                password))
                        .append("    alerts: { match: { service: " + name + " }, " + ALARMED.get(name) + " }\n");
            }
            Path token = Files.writeString(folder.resolve("intake-token"), INTAKE_TOKEN + "\n");
            Path key = Files.writeString(folder.resolve("intake-key"), SIGNING_KEY + "\n");
            yaml.append("""
                    intakes:
                      - { id: alertmanager, kind: alertmanager, token: { file: %s } }
                      - { id: grafana, kind: grafana, signingKey: { file: %s } }
                      - { id: github, kind: github, signingKey: { file: %s } }
                      - id: own
                        kind: generic
                        token: { file: %s }
                        fields: { alerts: /problems, name: /title, status: /state, labels: /tags, resolved: OK }
                    """.formatted(token, key, key, token));
            String slack = address + "/slack";
            yaml.append("""
                    slack:
                      signingSecret: { file: %s }
                      token: { file: %s }
                      address: %s
                      people:
                        UANN: { name: ann, role: approver }
                        UBEN: { name: ben, role: approver }
                        UCLEO: { name: Cleo, role: approver }
                        UVIC: { name: vic, role: viewer }
                        UTESTER: { name: tester }
                        UNOBODY: { name: nobody }
                    """.formatted(key, token, slack));
            Path databases = Files.writeString(folder.resolve("databases.yaml"), yaml);
            Path tokens = Files.writeString(folder.resolve("tokens"), "tester administrator " + sha256(TOKEN) + "\n");
            Map<String, String> configuration = new HashMap<>(infrastructure.configuration());
            configuration.put("ripcord.databases", databases.toString());
            configuration.put("ripcord.tokens", tokens.toString());
            configuration.put("ripcord.oidc.issuer", People.ISSUER);
            configuration.put("ripcord.oidc.audience", "ripcord");
            configuration.put(
                    "ripcord.oidc.keys",
                    Files.writeString(folder.resolve("keys.json"), People.keys())
                            .toString());
            configuration.put("test.slack", slack);
            configuration.put("quarkus.http.test-port", "0");
            return configuration;
        } catch (IOException | SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String hold(String application, ArgoServer argo, Path token) {
        return "    delivery: { hold: { kind: argocd, server: \"" + argo.address() + "\", application: " + application
                + ", token: { file: " + token + " }, required: " + application.equals("insisting") + " } }\n";
    }

    private String enrolled(
            EmbeddedInfrastructure infrastructure, String name, Environment environment, Path root, Path password)
            throws SQLException {
        try (Connection connection = connect("postgres");
                Statement statement = connection.createStatement()) {
            statement.execute("create database " + name);
            if (STAMPED.contains(name)) {
                statement.execute("do $$ begin create role stamper; exception when duplicate_object then null; end $$");
                statement.execute("alter database " + name + " owner to stamper");
            }
        }
        try (Connection connection = connect(name);
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "create table orders (id bigint generated always as identity primary key, price numeric not null, note text)");
            statement.execute("insert into orders (price) select n from generate_series(1, 1000) n");
            if (STAMPED.contains(name)) statement.execute("alter table orders owner to stamper");
        }
        Server server = new Server(
                infrastructure.postgres().host(), infrastructure.postgres().port(), name, null, "", null, null);
        String marker = Enrolment.enrol(
                vertx,
                server,
                new Role("postgres", new Secret(null, root)),
                name,
                environment,
                Map.of(
                        "ripcord_snapshot",
                        PASSWORD,
                        "ripcord_rollback",
                        PASSWORD,
                        "ripcord_verifier",
                        PASSWORD,
                        "ripcord_change",
                        PASSWORD),
                false,
                STAMPED.contains(name));
        String change = STAMPED.contains(name)
                ? "      change: { user: ripcord_change, password: { file: " + password + " } }\n"
                : "";
        return """
                  - id: %s
                    environment: %s
                    server: { host: %s, port: %d, database: %s, marker: %s }
                    roles:
                      snapshot: { user: ripcord_snapshot, password: { file: %s } }
                      rollback: { user: ripcord_rollback, password: { file: %s } }
                      verifier: { user: ripcord_verifier, password: { file: %s } }
                %s    snapshot: { form: clone, endSessions: true }
                """.formatted(
                name, environment, server.host(), server.port(), name, marker, password, password, password, change);
    }

    static Connection connect(String database) throws SQLException {
        EmbeddedInfrastructure infrastructure = EmbeddedInfrastructure.shared();
        return DriverManager.getConnection(
                "jdbc:postgresql://" + infrastructure.postgres().address(database),
                infrastructure.postgres().superuser(),
                infrastructure.postgres().password());
    }

    static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256")
                            .digest(text.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void stop() {
        vertx.close();
        if (hooks != null) hooks.stop(0);
        if (argo != null) argo.stop();
    }
}
