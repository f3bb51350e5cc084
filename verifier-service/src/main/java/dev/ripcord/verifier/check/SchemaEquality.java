package dev.ripcord.verifier.check;

import dev.ripcord.databases.ManifestComparison;
import dev.ripcord.events.VerificationEvent.Finding;
import dev.ripcord.verifier.verification.Check;
import dev.ripcord.verifier.verification.Context;
import jakarta.inject.Singleton;
import java.util.List;

/** Every object of the schema is as in the manifest, and there is no other. */
@Singleton
class SchemaEquality implements Check {

    @Override
    public String name() {
        return "schema";
    }

    @Override
    public List<Finding> run(Context context) {
        return ManifestComparison.schema(context.manifest(), context.schema());
    }
}
