package dev.ripcord.verifier.check;

import dev.ripcord.databases.ManifestComparison;
import dev.ripcord.databases.PgSession;
import dev.ripcord.events.VerificationEvent.Finding;
import dev.ripcord.verifier.verification.Check;
import dev.ripcord.verifier.verification.Context;
import dev.ripcord.verifier.verification.Occasion;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Owner, grants, settings, connection limit, comment, encoding and collation of the database are as in the manifest, but for
 * what belonged to roles that have been dropped since, and for a limit that kept the application out of it then.
 */
@Singleton
class DatabaseProperties implements Check {

    private static final String LIMIT = "connection limit";

    @Override
    public String name() {
        return "database properties";
    }

    @Override
    public Set<Occasion> occasions() {
        return Set.of(Occasion.verification);
    }

    @Override
    public List<Finding> run(Context context) {
        GoneRoles gone = new GoneRoles(context.ask(DatabaseProperties::roles));
        Map<String, String> wanted = gone.leftOut(context.manifest().properties());
        Map<String, String> found = gone.leftOut(context.properties());
        if (gone.ownerOf(wanted)) wanted.put("owner", String.valueOf(found.get("owner")));
        if ("0".equals(wanted.get(LIMIT))) wanted.put(LIMIT, String.valueOf(found.get(LIMIT)));
        return ManifestComparison.properties(wanted, found);
    }

    private static Set<String> roles(PgSession session) {
        return session.query("select rolname::text from pg_roles").stream()
                .map(row -> row.getString(0))
                .collect(Collectors.toSet());
    }
}
