package dev.ripcord.notifier.intake;

import dev.ripcord.delivery.StateDatabase;
import dev.ripcord.notifier.delivery.Delivery;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;

/**
 * Forgets what was delivered or given up 90 days ago, and what a channel noted of it. That its event was heard is remembered, so that it is told to nobody
 * again.
 */
@ApplicationScoped
class OldDeliveries {

    private static final Duration EVERY = Duration.ofMinutes(10);
    private static final Duration KEPT = Duration.ofDays(90);

    /** So that nobody else waits for this. */
    private static final int AT_ONCE = 1000;

    private final StateDatabase state;
    private final Rounds rounds = new Rounds();

    OldDeliveries(StateDatabase state) {
        this.state = state;
    }

    void start(@Observes StartupEvent event) {
        rounds.start("old deliveries", EVERY, this::forget);
    }

    void stop(@Observes ShutdownEvent event) {
        rounds.stop();
    }

    void forget() {
        state.query("""
                with gone as (
                    delete from task where kind = $1 and finished
                       and id in (select id from task where kind = $1 and finished and state_since < $2 limit $3)
                    returning id)
                delete from message where id in (select id from gone)""", Delivery.KIND, Instant.now().minus(KEPT).atOffset(ZoneOffset.UTC), AT_ONCE);
        state.query("""
                delete from note where (channel, subject, name) in (
                    select n.channel, n.subject, n.name from note n
                     where n.kept_at < $1
                       and not exists (select from message m where m.channel = n.channel and m.rollback = n.subject)
                       and not exists (select from message m where m.id = n.subject)
                     limit $2)""", Instant.now().minus(KEPT).atOffset(ZoneOffset.UTC), AT_ONCE);
    }
}
