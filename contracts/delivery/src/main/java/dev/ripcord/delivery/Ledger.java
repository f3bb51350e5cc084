package dev.ripcord.delivery;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.ripcord.events.Envelope;
import dev.ripcord.events.KafkaBinding;
import dev.ripcord.events.RipcordEvent;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One transaction on the service's own schema, in which an event is recorded, or a change and what announces it. */
public final class Ledger {

    private final StateDatabase.Transaction transaction;
    private final Announcer announcer;
    private final Ledgers.Own own;
    private final String source;
    private final @Nullable String traceparent;

    Ledger(
            StateDatabase.Transaction transaction,
            Announcer announcer,
            Ledgers.Own own,
            String source,
            @Nullable String traceparent) {
        this.transaction = transaction;
        this.announcer = announcer;
        this.own = own;
        this.source = source;
        this.traceparent = traceparent;
    }

    /**
     * Makes a task that is due at once; does nothing where there is one of this kind and id.
     *
     * @param state its first state, a record of the procedure's sealed family
     * @return whether it was made
     */
    public boolean start(String kind, String id, String database, Object state) {
        boolean mine = own.reserve();
        List<Row> made = query(
                "insert into task (kind, id, database_id, state, document, traceparent, owner, lease_until, fence)"
                        + " values ($1, $2, $3, $4, $5, $6, $7, clock_timestamp() + $8::bigint * interval '1 millisecond', $9)"
                        + " on conflict do nothing returning *",
                kind,
                id,
                database,
                state.getClass().getSimpleName(),
                json(state),
                traceparent,
                mine ? own.owner() : null,
                mine ? Ledgers.LEASE.toMillis() : null,
                mine ? 1 : 0);
        if (mine && made.isEmpty()) own.notMade();
        else if (mine) own.made(Tasks.claim(made.getFirst()));
        return !made.isEmpty();
    }

    /**
     * Takes a finished task up again as if it were made now; does nothing where it is not finished.
     *
     * @param state where it begins again, a record of the procedure's sealed family
     * @return whether it was taken up
     */
    public boolean restart(String kind, String id, Object state) {
        return !query(
                        "update task set state = $3, document = $4, finished = false, due_at = now(), attempts = 0,"
                                + " problem = null, created_at = now(), state_since = now(), signals = signals + 1"
                                + " where kind = $1 and id = $2 and finished returning id",
                        kind,
                        id,
                        state.getClass().getSimpleName(),
                        json(state))
                .isEmpty();
    }

    /**
     * Wakes a task: it looks at its mail at once. Without effect on a task that is not there yet; its first look sees all
     * the mail.
     */
    public void wake(String kind, String id) {
        transaction.execute(
                "update task set signals = signals + 1, due_at = now() where kind = $1 and id = $2 and not finished",
                kind,
                id);
    }

    /** Wakes all tasks of a kind that are about a database. */
    public void wakeAll(String kind, String database) {
        transaction.execute(
                "update task set signals = signals + 1, due_at = now() where kind = $1 and database_id = $2 and not finished",
                kind,
                database);
    }

    /** Announces an event in this transaction: sent once it is committed, in order. */
    public void announce(RipcordEvent event) {
        announce(Envelope.of(source, event).in(traceparent));
    }

    /** The same under the id that it has already: whoever hears it twice knows it. */
    void announce(Envelope<?> envelope) {
        for (Letter letter : announcer.letters(envelope)) {
            send(letter.topic(), letter.key(), letter.value(), letter.headers());
        }
    }

    void send(String topic, @Nullable String key, byte @Nullable [] value, JsonObject headers) {
        transaction.execute(
                "insert into outbox (topic, key, value, headers) values ($1, $2, $3, $4)",
                topic,
                key,
                value == null ? null : Buffer.buffer(value),
                headers);
    }

    /** Runs one statement of the service's own in this transaction. */
    public List<Row> query(String sql, @Nullable Object... parameters) {
        return transaction.query(sql, parameters);
    }

    /** Runs one whose rows nobody asks for. */
    void execute(String sql, @Nullable Object... parameters) {
        transaction.execute(sql, parameters);
    }

    static JsonObject json(Object state) {
        return new JsonObject(text(state));
    }

    static String text(Object state) {
        try {
            return KafkaBinding.JSON.writeValueAsString(state);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A state's record must be writable as JSON: " + state.getClass(), e);
        }
    }
}
