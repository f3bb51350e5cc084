package dev.ripcord.snapshot.provider;

import dev.ripcord.databases.ManifestComparison;
import dev.ripcord.databases.ManifestReader;
import dev.ripcord.events.Manifest;
import dev.ripcord.events.Shadow;
import dev.ripcord.events.VerificationEvent.Finding;
import dev.ripcord.snapshot.core.Provider.Restoration;
import dev.ripcord.snapshot.core.Provider.Restored;
import dev.ripcord.snapshot.core.Refusal;
import java.util.List;
import java.util.stream.Collectors;

/** Proves a shadow: everything in it equals the manifest, and nobody can get in afterwards. */
public final class Proof {

    private static final int NAMED = 10;

    private Proof() {}

    /** Compares and closes it; where it differs it is removed. */
    public static Restoration of(ProtectedServer server, Manifest manifest, String name) {
        MadeDatabases made = server.made();
        Manifest found = made.read(name, inside -> ManifestReader.read(inside, manifest.properties()));
        List<Finding> differences = ManifestComparison.all(manifest, found);
        if (!differences.isEmpty()) {
            made.drop(name);
            return new Refusal(
                    "the restored copy differs from the manifest in " + differences.size() + " places: "
                            + differences.stream()
                                    .limit(NAMED)
                                    .map(each -> each.subject() + " (expected " + each.expected() + ", found "
                                            + each.found() + ")")
                                    .collect(Collectors.joining("; ")),
                    "do not migrate on this snapshot; find the cause and ask again");
        }
        return sealed(server, name);
    }

    /** Closes a database that there is no manifest of. */
    public static Restoration closed(ProtectedServer server, String name) {
        server.made().close(name);
        return sealed(server, name);
    }

    private static Restoration sealed(ProtectedServer server, String name) {
        long oid = server.made().find(name).orElseThrow();
        String seal = server.admin()
                .sealOf(oid)
                .orElseThrow(() -> new IllegalStateException("Shadow " + name + " was opened while it was proven"));
        return new Restored(new Shadow(name, oid, seal, server.identity().systemIdentifier()));
    }
}
