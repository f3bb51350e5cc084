package dev.ripcord.delivery;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.ripcord.events.Envelope;
import dev.ripcord.events.KafkaBinding;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The tasks of this service: looked up by anybody, claimed and moved on by the runner. */
@ApplicationScoped
public class Tasks {

    private final StateDatabase database;
    private final Announcer announcer;
    private final Ledgers ledgers;

    Tasks(StateDatabase database, Announcer announcer, Ledgers ledgers) {
        this.database = database;
        this.announcer = announcer;
        this.ledgers = ledgers;
    }

    /**
     * A task as it stands.
     *
     * @param problem why its last attempt failed, null if it did not
     */
    public record View<S>(
            String id,
            String database,
            S state,
            boolean finished,
            int attempts,
            @Nullable String problem,
            Instant created,
            Instant stateSince) {}

    /** The task with this id. */
    public <S> Optional<View<S>> find(Procedure<S> procedure, String id) {
        return database.query("select * from task where kind = $1 and id = $2", procedure.kind(), id).stream()
                .map(row -> view(procedure, row))
                .findFirst();
    }

    /** The newest tasks, of one database or of all; at most {@code limit}. */
    public <S> List<View<S>> newest(Procedure<S> procedure, @Nullable String databaseId, int limit) {
        return database
                .query(
                        "select * from task where kind = $1 and ($2::text is null or database_id = $2)"
                                + " order by created_at desc limit $3",
                        procedure.kind(),
                        databaseId,
                        limit)
                .stream()
                .map(row -> view(procedure, row))
                .toList();
    }

    /** The ids of the newest tasks, of one database or of all: for those whose states are large. */
    public List<String> newestIds(Procedure<?> procedure, @Nullable String databaseId, int limit) {
        return database
                .query(
                        "select id from task where kind = $1 and ($2::text is null or database_id = $2)"
                                + " order by created_at desc limit $3",
                        procedure.kind(),
                        databaseId,
                        limit)
                .stream()
                .map(row -> row.getString("id"))
                .toList();
    }

    /** Runs work in one transaction, outside of any procedure. */
    public <T> T record(java.util.function.Function<Ledger, T> work) {
        return ledgers.write(Traces.orNew(null), work);
    }

    /** A row that is claimed: what is needed to move it on. */
    record Claim(
            String kind,
            String id,
            String database,
            String state,
            JsonObject document,
            long fence,
            int attempts,
            long signals,
            @Nullable String traceparent,
            Instant created,
            Instant stateSince,
            @Nullable String owner,
            boolean finished,
            @Nullable String said) {

        String name() {
            return kind + " " + id;
        }
    }

    /**
     * Claims what is due.
     *
     * @param atWork the names of those that this owner is at: where their lease has passed all the same, he goes on with them
     */
    List<Claim> claim(String owner, Duration lease, int atMost, List<String> atWork) {
        return database.query("""
                        update task t set owner = $1, lease_until = now() + $2::bigint * interval '1 millisecond', fence = fence + 1
                          from (select kind, id from task where not finished and due_at <= now() and (lease_until is null or lease_until < now())
                                   and (owner is distinct from $1 or kind || ' ' || id <> all($4))
                                 order by due_at limit $3 for update skip locked) due
                         where t.kind = due.kind and t.id = due.id
                        returning t.*""", owner, lease.toMillis(), atMost, atWork.toArray(String[]::new)).stream()
                .map(Tasks::claim)
                .toList();
    }

    void renew(String owner, List<String> names, Duration lease) {
        database.query(
                "update task set lease_until = now() + $2::bigint * interval '1 millisecond'"
                        + " where owner = $1 and kind || ' ' || id = any($3) and not finished",
                owner,
                lease.toMillis(),
                names.toArray(String[]::new));
    }

    /**
     * Moves a claimed task on and writes its announcements, all or nothing.
     *
     * @return the row as it stands then; empty where another owner holds it by now: nothing was written
     */
    <S> Optional<Claim> move(Claim claim, Procedure.Next<S> next, @Nullable String problem, @Nullable String trace) {
        boolean goOn = next.after().isZero() && !next.finished();
        String state = ((Object) next.state()).getClass().getSimpleName();
        boolean same = problem != null && state.equals(claim.state());
        List<Envelope<?>> envelopes = announcer.envelopes(next.announcements(), trace, claim.said());
        List<Letter> letters = envelopes.stream()
                .flatMap(envelope -> announcer.letters(envelope).stream())
                .toList();
        String said = envelopes.stream()
                .filter(Announcer::ofTheStory)
                .map(Envelope::id)
                .reduce((first, last) -> last)
                .orElse(claim.said());
        // one statement, and so one exchange and one transaction
        return database
                .query(
                        """
                        with moved as (
                            update task set state = $4, document = $5, finished = $6, problem = $7, attempts = case when $8 then attempts + 1 else 0 end,
                                   state_since = case when state = $4 then state_since else now() end,
                                   due_at = case when signals > $9 then now() else now() + $10::bigint * interval '1 millisecond' end,
                                   owner = case when $11 then owner end, lease_until = case when $11 then lease_until end,
                                   said = $16
                             where kind = $1 and id = $2 and fence = $3 and owner = $18
                            returning *),
                        announced as (
                            insert into outbox (topic, key, value, headers)
                            select topic, key, value, headers::jsonb from unnest($12::text[], $13::text[], $14::bytea[], $15::text[]) with ordinality as each(topic, key, value, headers, place)
                             where exists (select from moved) order by place),
                        woken as (
                            update task set signals = signals + 1, due_at = now()
                             where kind = $1 and id = any($17) and id <> $2 and not finished and exists (select from moved))
                        select * from moved""",
                        claim.kind(),
                        claim.id(),
                        claim.fence(),
                        state,
                        Storable.of(next.state()),
                        next.finished(),
                        Storable.text(problem),
                        same,
                        claim.signals(),
                        next.after().toMillis(),
                        goOn,
                        letters.stream().map(Letter::topic).toArray(String[]::new),
                        letters.stream().map(Letter::key).toArray(String[]::new),
                        letters.stream()
                                .map(letter -> Buffer.buffer(Storable.json(letter.value())))
                                .toArray(Buffer[]::new),
                        letters.stream()
                                .map(letter -> letter.headers().encode())
                                .toArray(String[]::new),
                        said,
                        next.wakes().toArray(String[]::new),
                        claim.owner())
                .stream()
                .map(Tasks::claim)
                .findFirst();
    }

    static Claim claim(Row row) {
        return new Claim(
                row.getString("kind"),
                row.getString("id"),
                row.getString("database_id"),
                row.getString("state"),
                row.getJsonObject("document"),
                row.getLong("fence"),
                row.getInteger("attempts"),
                row.getLong("signals"),
                row.getString("traceparent"),
                instant(row, "created_at"),
                instant(row, "state_since"),
                row.getString("owner"),
                row.getBoolean("finished"),
                row.getString("said"));
    }

    private static <S> View<S> view(Procedure<S> procedure, Row row) {
        return new View<>(
                row.getString("id"),
                row.getString("database_id"),
                state(procedure, row.getString("state"), row.getJsonObject("document")),
                row.getBoolean("finished"),
                row.getInteger("attempts"),
                row.getString("problem"),
                instant(row, "created_at"),
                instant(row, "state_since"));
    }

    static <S> S state(Procedure<S> procedure, String name, JsonObject document) {
        Class<? extends S> type = byName(procedure.states()).get(name);
        if (type == null) throw new IllegalStateException("No state " + name + " in " + procedure.states());
        try {
            return KafkaBinding.STORED.readValue(document.encode(), type);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("The stored state " + name + " no longer fits its record", e);
        }
    }

    @SuppressWarnings("unchecked")
    private static <S> Map<String, Class<? extends S>> byName(Class<S> sealed) {
        Map<String, Class<? extends S>> found = new HashMap<>();
        for (Class<?> permitted : sealed.getPermittedSubclasses()) {
            if (permitted.isSealed()) found.putAll(byName((Class<S>) permitted));
            else found.put(permitted.getSimpleName(), (Class<? extends S>) permitted);
        }
        return found;
    }

    private static Instant instant(Row row, String column) {
        OffsetDateTime time = row.getOffsetDateTime(column);
        return time.toInstant();
    }
}
