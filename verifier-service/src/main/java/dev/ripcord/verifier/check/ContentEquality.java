package dev.ripcord.verifier.check;

import dev.ripcord.databases.ManifestComparison;
import dev.ripcord.databases.ManifestReader;
import dev.ripcord.databases.PgSession;
import dev.ripcord.events.VerificationEvent.Finding;
import dev.ripcord.verifier.verification.Check;
import dev.ripcord.verifier.verification.Context;
import dev.ripcord.verifier.verification.Occasion;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;

/** Every table holds the rows of the manifest, and no other: count and content. Only where nobody writes. */
@Singleton
class ContentEquality implements Check {

    @Override
    public String name() {
        return "content";
    }

    @Override
    public boolean applies(Context context, Occasion occasion) {
        return context.content();
    }

    @Override
    public Duration limit(Context context) {
        return context.database().snapshot().limit();
    }

    @Override
    public List<Finding> run(Context context) {
        try (PgSession session = context.open(limit(context))) {
            session.execute("begin transaction isolation level repeatable read read only");
            return ManifestComparison.content(context.manifest(), ManifestReader.tables(session));
        }
    }
}
