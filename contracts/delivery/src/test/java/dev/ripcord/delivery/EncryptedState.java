package dev.ripcord.delivery;

import dev.ripcord.embedded.EmbeddedInfrastructure;
import dev.ripcord.embedded.EmbeddedPostgres;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A state database on a server of its own, which lets nobody in who does not encrypt. */
public class EncryptedState implements QuarkusTestResourceLifecycleManager {

    private @Nullable EmbeddedPostgres postgres;

    /** After those of all tests, over whose state database this one is taken. */
    @Override
    public int order() {
        return 1;
    }

    @Override
    public Map<String, String> start() {
        try {
            EmbeddedPostgres server = EmbeddedPostgres.start(
                    Files.createTempDirectory("ripcord-encrypted-").resolve("server"), 18, 0, Map.of("fsync", "off"));
            postgres = server;
            server.server().createDatabase(EmbeddedInfrastructure.STATE_DATABASE);
            Path keys = server.ownFolder("keys");
            Path certificate = keys.resolve("certificate");
            encryptedOnly(server, keys, certificate);
            return Map.of(
                    "ripcord.state.address", server.server().address(EmbeddedInfrastructure.STATE_DATABASE),
                    "ripcord.state.user", server.superuser(),
                    "ripcord.state.password", server.password(),
                    "ripcord.state.tls", "verify-full",
                    "ripcord.state.ca",
                            Files.copy(
                                            certificate,
                                            Files.createTempDirectory("ripcord-ca-")
                                                    .resolve("ca.pem"))
                                    .toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void encryptedOnly(EmbeddedPostgres postgres, Path keys, Path certificate)
            throws IOException, SQLException {
        postgres.run(
                List.of(
                        "openssl",
                        "req",
                        "-x509",
                        "-newkey",
                        "rsa:2048",
                        "-nodes",
                        "-days",
                        "2",
                        "-subj",
                        "/CN=127.0.0.1",
                        "-addext",
                        "subjectAltName=IP:127.0.0.1",
                        "-keyout",
                        keys.resolve("key").toString(),
                        "-out",
                        certificate.toString()),
                Duration.ofSeconds(60));
        try (Connection connection = postgres.server().connect("postgres");
                Statement statement = connection.createStatement()) {
            statement.execute("alter system set ssl_cert_file = '" + certificate + "'");
            statement.execute("alter system set ssl_key_file = '" + keys.resolve("key") + "'");
            statement.execute("alter system set ssl = on");
            Files.writeString(
                    postgres.dataFolder().resolve("data/pg_hba.conf"), "hostssl all all 127.0.0.1/32 scram-sha-256\n");
            statement.execute("select pg_reload_conf()");
        }
    }

    @Override
    public void stop() {
        if (postgres != null) postgres.close();
    }
}
