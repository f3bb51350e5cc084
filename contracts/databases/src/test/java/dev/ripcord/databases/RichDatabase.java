package dev.ripcord.databases;

import dev.ripcord.databases.EnrolledDatabase.Role;
import dev.ripcord.events.Manifest;
import dev.ripcord.events.VerificationEvent.Finding;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/** A database with something of everything, and what can be said of it. */
record RichDatabase(ProtectedServer server, EnrolledDatabase enrolled) {

    static RichDatabase on(ProtectedServer server) throws SQLException {
        EnrolledDatabase shop = server.shop();
        try (PgSession superuser =
                server.session(server.superuser(), shop.server().database())) {
            superuser.execute(SqlResource.read("rich-schema.sql"));
        }
        server.enrolled(shop.server().database());
        return new RichDatabase(server, shop);
    }

    String name() {
        return enrolled.server().database();
    }

    Manifest manifest() {
        return manifest(name(), enrolled.roles().verifier());
    }

    Manifest manifest(String database, Role role) {
        try (PgSession session = server.session(role, database)) {
            session.execute("begin isolation level repeatable read read only");
            return ManifestReader.read(session, Map.of());
        }
    }

    /** Whatever differs, in one line each. */
    static List<String> differences(Manifest expected, Manifest found) {
        return ManifestComparison.all(expected, found).stream()
                .map(Finding::toString)
                .toList();
    }
}
