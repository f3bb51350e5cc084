package dev.ripcord.verifier.check;

import dev.ripcord.databases.PgSession;
import dev.ripcord.events.Manifest;
import dev.ripcord.events.VerificationEvent.Finding;
import dev.ripcord.verifier.verification.Check;
import dev.ripcord.verifier.verification.Context;
import dev.ripcord.verifier.verification.Occasion;
import io.vertx.sqlclient.Row;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * No row refers to a row that is not there. Asked of the rows themselves, because PostgreSQL does not look again at a
 * constraint that it holds for validated. Constraints that were not validated in the manifest promise nothing of old rows.
 *
 * <p>It reads whole tables. Where there are more than {@value #MOST_ROWS} rows, it is asked only together with the content:
 * the outcome of a rollback does not wait for it, whose copy was compared with the manifest row by row before.
 */
@Singleton
class ForeignKeys implements Check {

    static final long MOST_ROWS = 3_000_000;

    private static final String QUERIES = resource();

    @Override
    public Set<Occasion> occasions() {
        return Set.of(Occasion.verification, Occasion.application);
    }

    @Override
    public String name() {
        return "foreign keys";
    }

    @Override
    public boolean applies(Context context) {
        return context.content()
                || context.manifest().tables().stream()
                                .mapToLong(Manifest.Table::rows)
                                .sum()
                        <= MOST_ROWS;
    }

    @Override
    public Duration limit(Context context) {
        return Duration.ofMinutes(5);
    }

    @Override
    public List<Finding> run(Context context) {
        List<Finding> findings = new ArrayList<>();
        try (PgSession session = context.open(limit(context))) {
            session.execute("set work_mem = '64MB'");
            for (Row key : session.query(QUERIES)) {
                long orphans =
                        session.query(key.getString("orphans")).getFirst().getLong(0);
                if (orphans == 0) continue;
                findings.add(new Finding(
                        key.getString("referencing") + " " + key.getString("name"),
                        "each row has its row in " + key.getString("referenced"),
                        orphans + (orphans == 1 ? " row has none" : " rows have none")));
            }
        }
        return findings;
    }

    private static String resource() {
        try (InputStream resource = ForeignKeys.class.getResourceAsStream("foreign-keys.sql")) {
            if (resource == null) throw new IllegalStateException("foreign-keys.sql is missing from the jar");
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException("foreign-keys.sql cannot be read", e);
        }
    }
}
