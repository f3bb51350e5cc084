package dev.ripcord.rollback.snapshots;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.ripcord.delivery.Ledger;
import dev.ripcord.delivery.StateDatabase;
import dev.ripcord.events.KafkaBinding;
import dev.ripcord.events.Manifest;
import dev.ripcord.events.Shadow;
import dev.ripcord.events.SnapshotEvent;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the snapshot service has told of its snapshots; its events may come in any order. */
@ApplicationScoped
public class KnownSnapshots {

    private final StateDatabase state;

    KnownSnapshots(StateDatabase state) {
        this.state = state;
    }

    /**
     * One snapshot.
     *
     * @param takenAt null while it is only begun
     * @param shadow its proven copy, null while it is not proven
     * @param problem why it failed, null if it did not
     */
    public record Known(
            String id,
            String migration,
            @Nullable Instant takenAt,
            @Nullable Shadow shadow,
            @Nullable Manifest manifest,
            @Nullable String problem,
            boolean expired) {

        /** Whether it was restored and found equal to its manifest, and is still there. */
        public boolean usable() {
            return manifest != null && problem == null && !expired;
        }
    }

    /** Keeps what an event tells, in the transaction that records the event. */
    public void learn(SnapshotEvent event, Ledger ledger) {
        switch (event) {
            case SnapshotEvent.Started started ->
                upsert(ledger, started.snapshot(), started.database(), started.migration());
            case SnapshotEvent.Completed completed -> {
                upsert(ledger, completed.snapshot(), completed.database(), completed.migration());
                ledger.query(
                        "update known_snapshot set taken_at = $2 where id = $1",
                        completed.snapshot(),
                        completed.takenAt().atOffset(ZoneOffset.UTC));
            }
            case SnapshotEvent.Proven proven -> {
                upsert(ledger, proven.snapshot(), proven.database(), proven.migration());
                ledger.query(
                        "update known_snapshot set taken_at = $2, shadow = $3, manifest = case when expired then null else $4::jsonb end where id = $1",
                        proven.snapshot(),
                        proven.takenAt().atOffset(ZoneOffset.UTC),
                        json(proven.shadow()),
                        json(proven.manifest()));
            }
            case SnapshotEvent.Failed failed -> {
                upsert(ledger, failed.snapshot(), failed.database(), failed.migration());
                ledger.query(
                        "update known_snapshot set problem = $2 where id = $1", failed.snapshot(), failed.reason());
            }
            case SnapshotEvent.Expired expired -> {
                upsert(ledger, expired.snapshot(), expired.database(), expired.migration());
                ledger.query("update known_snapshot set expired = true where id = $1", expired.snapshot());
                forget(expired.database(), ledger);
            }
        }
    }

    /** Megabytes that nobody reads any more, unless a rollback or a rehearsal goes on: then they go with the next that expires. */
    private static void forget(String database, Ledger ledger) {
        ledger.query("""
                        update known_snapshot set manifest = null where database_id = $1 and expired and manifest is not null
                           and not exists (select from task where kind in ('rollback', 'rehearsal') and database_id = $1 and not finished)""", database);
    }

    /**
     * The snapshot that a request means: the named one, else the newest that was taken, of the named migration or of all.
     * Where it is not to be had any more, none that is older is taken in its place: that would go back further than was meant. One that
     * was taken for a run that then never began is before no migration, and meant only where it is named.
     */
    public Optional<Known> meant(String database, @Nullable String snapshot, @Nullable String migration) {
        return state.query("""
                        select * from known_snapshot s where database_id = $1 and ($2::text is null or id = $2) and ($3::text is null or migration = $3)
                           and ($2::text is not null or $3::text is not null or not starts_with(migration, 'rollback/'))
                           and ($2::text is not null or not exists (select from known_migration m where m.database_id = s.database_id and m.migration = s.migration
                                   and m.never_ran_at >= coalesce(m.started_at, m.ended_at, m.never_ran_at)
                                   and s.taken_at > case when m.ended_at is null and m.ran_from is null then '-infinity'
                                                         when m.ended_at >= coalesce(m.ran_from, m.ended_at) then m.ended_at else m.started_at end))
                         order by taken_at desc nulls last, problem is not null, heard_at desc limit 1""", database, snapshot, migration).stream()
                .map(KnownSnapshots::known)
                .findFirst();
    }

    /** The newest that a database can go back to. */
    public Optional<Known> newestUsable(String database) {
        return state
                .query(
                        "select * from known_snapshot where database_id = $1 and taken_at is not null and problem is null and not expired"
                                + " and not starts_with(migration, 'rollback/') order by taken_at desc",
                        database)
                .stream()
                .map(KnownSnapshots::known)
                .filter(Known::usable)
                .findFirst();
    }

    private static void upsert(Ledger ledger, String snapshot, String database, String migration) {
        ledger.query(
                "insert into known_snapshot (id, database_id, migration) values ($1, $2, $3) on conflict do nothing",
                snapshot,
                database,
                migration);
    }

    private static Known known(Row row) {
        OffsetDateTime takenAt = row.getOffsetDateTime("taken_at");
        return new Known(
                row.getString("id"),
                row.getString("migration"),
                takenAt == null ? null : takenAt.toInstant(),
                read(row.getJsonObject("shadow"), Shadow.class),
                read(row.getJsonObject("manifest"), Manifest.class),
                row.getString("problem"),
                row.getBoolean("expired"));
    }

    private static JsonObject json(Object value) {
        try {
            return new JsonObject(KafkaBinding.JSON.writeValueAsString(value));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("An event's part must be writable as JSON", e);
        }
    }

    private static <T> @Nullable T read(@Nullable JsonObject json, Class<T> type) {
        if (json == null) return null;
        try {
            return KafkaBinding.JSON.readValue(json.encode(), type);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("What is stored of a snapshot no longer fits " + type, e);
        }
    }
}
