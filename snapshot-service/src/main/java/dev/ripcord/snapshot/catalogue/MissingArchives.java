package dev.ripcord.snapshot.catalogue;

import dev.ripcord.databases.Databases;
import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.delivery.StateDatabase;
import dev.ripcord.snapshot.core.SnapshotProcedure;
import dev.ripcord.snapshot.provider.archive.Whereabouts;
import io.quarkus.runtime.StartupEvent;
import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * Says at start which archives are not where they are looked for: those of another store that {@code databases.yaml} named
 * before are neither restored nor deleted.
 */
@ApplicationScoped
class MissingArchives {

    private static final Logger LOG = Logger.getLogger(MissingArchives.class);

    private final StateDatabase state;
    private final Databases databases;

    MissingArchives(StateDatabase state, Databases databases) {
        this.state = state;
        this.databases = databases;
    }

    void start(@Observes StartupEvent event) {
        Thread.ofVirtual().name("missing archives").start(() -> {
            try {
                look().forEach(LOG::warn);
            } catch (RuntimeException e) {
                LOG.warnf("Cannot look for the archives that are kept: %s", e.getMessage());
            }
        });
    }

    /** One line for each. */
    List<String> look() {
        return state
                .query(
                        "select id, database_id from task where kind = $1 and state in ('Proving', 'Kept', 'Doubted')"
                                + " and document ->> 'form' = $2 order by created_at",
                        SnapshotProcedure.KIND,
                        EnrolledDatabase.Form.archive.name())
                .stream()
                .flatMap(this::line)
                .toList();
    }

    private Stream<String> line(Row row) {
        String snapshot = row.getString("id");
        Optional<EnrolledDatabase> database = databases.find(row.getString("database_id"));
        return database.flatMap(enrolled -> Whereabouts.missing(enrolled, snapshot)).stream()
                .map(place -> "the archive of snapshot " + snapshot + " of " + row.getString("database_id")
                        + " is not in " + place
                        + ": no rollback can use it, and nobody deletes it when its time is over;"
                        + " where snapshot.store was changed, move what is in the old store there");
    }
}
