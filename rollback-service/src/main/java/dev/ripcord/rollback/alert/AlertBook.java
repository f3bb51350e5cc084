package dev.ripcord.rollback.alert;

import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.delivery.StateDatabase;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Every alert that came in and what became of it. */
@ApplicationScoped
public class AlertBook {

    /** So many are looked at at once: more than can come in while nobody looks. */
    private static final int MOST = 20_000;

    private static final Duration KEPT = Duration.ofDays(30);

    private final StateDatabase state;

    AlertBook(StateDatabase state) {
        this.state = state;
    }

    /**
     * An alert as it stands.
     *
     * @param verdict null while nothing is decided
     */
    public record Entry(
            String intake,
            @Nullable String database,
            String name,
            Instant startsAt,
            Instant receivedAt,
            @Nullable Instant resolvedAt,
            Map<String, Object> labels,
            String summary,
            @Nullable String verdict,
            @Nullable String reason,
            @Nullable String rollback) {}

    /** The newest, of one database or of all. */
    List<Entry> newest(@Nullable String database, int limit) {
        return state
                .query(
                        "select * from alert where ($1::text is null or database_id = $1) order by position desc limit $2",
                        database,
                        limit)
                .stream()
                .map(AlertBook::entry)
                .toList();
    }

    /** Those that fire and of which nothing is decided, oldest first. */
    List<Firing> undecided(EnrolledDatabase database) {
        return state.query("""
                        select position, fingerprint, name, signal,
                               case when starts_at = 'epoch' or starts_at > received_at then received_at else starts_at end as since
                          from alert where database_id = $1 and verdict is null and resolved_at is null
                         order by position limit $2""", database.id(), MOST).stream()
                .map(row -> new Firing(
                        row.getLong("position"),
                        row.getString("fingerprint"),
                        row.getString("name"),
                        instant(row.getOffsetDateTime("since")),
                        row.getString("signal")))
                .toList();
    }

    /** Writes to those that were looked at what was decided. */
    void decided(String database, AlertState.Decided decided) {
        state.query(
                "update alert set verdict = $3, reason = $4, rollback = $5"
                        + " where database_id = $1 and position <= $2 and verdict is null and resolved_at is null",
                database,
                decided.upTo(),
                decided.verdict().name(),
                decided.reason(),
                decided.rollback());
    }

    /** Those that asked for this rollback, oldest first. */
    public List<Entry> evidence(String rollback) {
        return state.query("select * from alert where rollback = $1 order by position limit 100", rollback).stream()
                .map(AlertBook::entry)
                .toList();
    }

    /** Whether an alert that asked for this rollback fires still. */
    boolean fires(String rollback) {
        return !state.query("select 1 from alert where rollback = $1 and resolved_at is null limit 1", rollback)
                .isEmpty();
    }

    /** Databases with alerts that nobody looks at: one came while the last look ended. */
    List<String> forgotten() {
        return state
                .query(
                        "select distinct database_id from alert a where verdict is null and resolved_at is null and database_id <> ''"
                                + " and not exists (select 1 from task t where t.kind = $1 and t.database_id = a.database_id"
                                + " and not t.finished and t.state = 'Gathering')",
                        AlertProcedure.KIND)
                .stream()
                .map(row -> row.getString("database_id"))
                .toList();
    }

    /** Forgets what is older than a month. */
    void forgetOld() {
        OffsetDateTime before = Instant.now().minus(KEPT).atOffset(ZoneOffset.UTC);
        state.query("delete from alert where received_at < $1", before);
        state.query("delete from task where kind = $1 and finished and state_since < $2", AlertProcedure.KIND, before);
    }

    private static Entry entry(Row row) {
        String database = row.getString("database_id");
        OffsetDateTime resolved = row.getOffsetDateTime("resolved_at");
        JsonObject labels = row.getJsonObject("labels");
        return new Entry(
                row.getString("intake"),
                database.isEmpty() ? null : database,
                row.getString("name"),
                instant(row.getOffsetDateTime("starts_at")),
                instant(row.getOffsetDateTime("received_at")),
                resolved == null ? null : resolved.toInstant(),
                labels.getMap(),
                row.getString("summary"),
                row.getString("verdict"),
                row.getString("reason"),
                row.getString("rollback"));
    }

    private static Instant instant(OffsetDateTime time) {
        return time.toInstant();
    }
}
