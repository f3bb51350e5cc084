package dev.ripcord.verifier.check;

import dev.ripcord.databases.ManifestComparison;
import dev.ripcord.events.VerificationEvent.Finding;
import dev.ripcord.verifier.verification.Check;
import dev.ripcord.verifier.verification.Context;
import jakarta.inject.Singleton;
import java.util.List;

/** Owner, grants, settings, connection limit, comment, encoding and collation of the database are as in the manifest. */
@Singleton
class DatabaseProperties implements Check {

    @Override
    public String name() {
        return "database properties";
    }

    @Override
    public List<Finding> run(Context context) {
        return ManifestComparison.properties(context.manifest().properties(), context.properties());
    }
}
