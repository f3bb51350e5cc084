package dev.ripcord.notifier.incident;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import dev.ripcord.delivery.StateDatabase;
import dev.ripcord.events.KafkaBinding;
import dev.ripcord.events.TableLoss;
import dev.ripcord.notifier.message.Wording;
import io.vertx.core.json.JsonArray;
import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rollbacks of all databases, as recorded so far; what people and servers wrote comes without secrets, for everybody may see it. */
@ApplicationScoped
public class Incidents {

    private static final String NEWEST = """
            select i.*, undo.outcome_at as undone_at
              from incident i left join incident undo on undo.rollback = i.undone_by
             where coalesce(i.requested_at, i.planned_at, i.started_at, i.step_at, i.outcome_at) is not null
             order by (i.outcome is null) desc, i.first_at desc, i.rollback limit $1""";

    private final StateDatabase state;

    Incidents(StateDatabase state) {
        this.state = state;
    }

    /**
     * Open ones before past ones, each the newest first. One that is known only from what was said beside it, such as that a
     * dry run was cancelled, is none until more is heard.
     */
    public List<Incident> newest(int limit) {
        return state.query(NEWEST, limit).stream().map(Incidents::incident).toList();
    }

    /** Those that were begun, as the public may know them; a plan that nobody approved is nothing to the public. */
    public List<Incident> forEverybody(int limit) {
        return newest(limit).stream()
                .filter(incident -> incident.startedAt() != null)
                .map(Incident::forEverybody)
                .toList();
    }

    private static Incident incident(Row row) {
        Incident.State now = state(row);
        String leftAs = words(row, "left_as");
        boolean asItWas = now == Incident.State.refused || (leftAs != null && leftAs.startsWith("unchanged"));
        return new Incident(
                row.getString("rollback"),
                row.getString("database_id"),
                now,
                row.getString("outcome") == null,
                row.getOffsetDateTime("first_at").toInstant(),
                instant(row, "requested_at"),
                row.getString("requested_by"),
                words(row, "reason"),
                row.getString("migration"),
                row.getString("snapshot"),
                row.getString("undoes"),
                instant(row, "planned_at"),
                row.getString("method"),
                instant(row, "taken_at"),
                row.getLong("estimated_outage_ms"),
                instant(row, "started_at"),
                row.getString("approved_by"),
                words(row, "declined"),
                row.getString("step"),
                instant(row, "outcome_at"),
                words(row, "outcome_reason"),
                leftAs,
                words(row, "next"),
                row.getDouble("outage_ms"),
                row.getLong("total_ms"),
                row.getString("kept_database"),
                asItWas ? List.of() : loss(row.getJsonArray("loss")), // what was planned was not done
                row.getBoolean("loss_exact"),
                row.getString("undo"),
                row.getString("undone_by"),
                instant(row, "undone_at"),
                row.getString("verification"),
                instant(row, "verification_at"));
    }

    private static Incident.State state(Row row) {
        String outcome = row.getString("outcome");
        if (outcome != null) return Incident.State.valueOf(outcome);
        if (row.getValue("started_at") != null) return Incident.State.running;
        if (row.getValue("planned_at") == null) return Incident.State.requested;
        return "automatic".equals(row.getString("approval")) ? Incident.State.planned : Incident.State.waiting;
    }

    private static @Nullable String words(Row row, String column) {
        String words = row.getString(column);
        return words == null ? null : Wording.text(words);
    }

    private static @Nullable Instant instant(Row row, String column) {
        OffsetDateTime time = row.getOffsetDateTime(column);
        return time == null ? null : time.toInstant();
    }

    private static List<TableLoss> loss(@Nullable JsonArray loss) {
        if (loss == null) return List.of();
        try {
            return KafkaBinding.JSON.readValue(loss.encode(), new TypeReference<>() {});
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A stored loss no longer fits its record", e);
        }
    }
}
