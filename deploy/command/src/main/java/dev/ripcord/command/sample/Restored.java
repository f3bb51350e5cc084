package dev.ripcord.command.sample;

import dev.ripcord.command.stack.Stack;
import dev.ripcord.databases.AdminSession;
import dev.ripcord.databases.Databases;
import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.databases.ManifestComparison;
import dev.ripcord.databases.ManifestReader;
import dev.ripcord.databases.PgSession;
import dev.ripcord.databases.Schema;
import dev.ripcord.events.Manifest;
import dev.ripcord.events.VerificationEvent.Finding;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Whether a live shop is what a manifest says, in all that its writers do not change. */
public final class Restored {

    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final Set<String> WRITTEN = Set.of(
            "public.orders",
            "public.order_lines",
            "public.payments_before",
            "public.payments_2026",
            "public.payments_later",
            "public.stock",
            "public.stock_movements");

    private Restored() {}

    /** Every difference; none is what is wanted. */
    public static List<Finding> differences(Stack stack, Shop shop, Manifest expected) {
        EnrolledDatabase database =
                Databases.read(stack.folder().databases()).find(shop.database()).orElseThrow();
        EnrolledDatabase.Role reader = database.roles().verifier();
        List<Finding> differences = new ArrayList<>();
        try (AdminSession admin = AdminSession.open(stack.vertx(), database, reader, LIMIT);
                PgSession session = PgSession.open(stack.vertx(), database.server(), reader, shop.database(), LIMIT)) {
            Manifest found = ManifestReader.read(
                    session, admin.properties(admin.identify().oid()));
            differences.addAll(ManifestComparison.schema(expected, Schema.of(found)));
            ManifestComparison.content(expected, found.tables()).stream()
                    .filter(finding -> !WRITTEN.contains(finding.subject()))
                    .forEach(differences::add);
            differences.addAll(ManifestComparison.properties(expected.properties(), found.properties()));
            if (differences.isEmpty() && !expected.schemaFingerprint().equals(found.schemaFingerprint())) {
                differences.add(new Finding("schema", expected.schemaFingerprint(), found.schemaFingerprint()));
            }
        }
        return differences;
    }
}
