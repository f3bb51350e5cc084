package dev.ripcord.notifier.intake;

import dev.ripcord.databases.Channel;
import dev.ripcord.databases.Databases;
import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.databases.Route;
import dev.ripcord.delivery.Ledger;
import dev.ripcord.delivery.StateDatabase;
import dev.ripcord.events.Envelope;
import dev.ripcord.notifier.delivery.Delivery;
import dev.ripcord.notifier.delivery.DeliveryState;
import dev.ripcord.notifier.delivery.Interest;
import dev.ripcord.notifier.message.Message;
import dev.ripcord.notifier.template.Templates;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes one delivery per event and channel, and knows their order. */
@ApplicationScoped
class Mailroom {

    /** How long a message waits for what was said before it on another topic; the record may be lost. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /** What is recorded so long after it happened was waiting somewhere, and more may be behind it. */
    private static final Duration LATE = Duration.ofMinutes(2);

    /** How long a page waits then for what is behind it. */
    private static final Duration SETTLING = Duration.ofSeconds(5);

    /** An outcome waits no longer for a message that failed so often: about a quarter of a minute. */
    private static final int ENOUGH_ATTEMPTS = 5;

    private final Databases databases;
    private final StateDatabase state;
    private final Templates templates;

    Mailroom(Databases databases, StateDatabase state, Templates templates) {
        this.databases = databases;
        this.state = state;
        this.templates = templates;
    }

    /** Posts a message to every channel that hears of its database; what is not enrolled is heard of nowhere. */
    void post(Envelope<?> envelope, Message message, Ledger ledger) {
        post(envelope, message, null, ledger);
    }

    /**
     * The same of what is no news any more: only channels with whom it ends something are told, for the others it is recorded
     * as given up.
     *
     * @param why people are not told
     */
    void postLate(Envelope<?> envelope, Message message, String why, Ledger ledger) {
        post(envelope, message, why, ledger);
    }

    private void post(Envelope<?> envelope, Message message, @Nullable String tooLate, Ledger ledger) {
        Set<String> channels = new LinkedHashSet<>(databases
                .find(message.database())
                .map(each -> hearing(each, message))
                .orElse(Set.of()));
        List<String> left = left(message, ledger);
        channels.addAll(left);
        if (channels.isEmpty()) return;
        String event = StructuredEvent.json(envelope);
        // buttons that nobody listens to are not shown
        Message worded = templates.worded(databases.slack() == null ? message.with(null) : message);
        for (String channel : channels) {
            String id = id(envelope, channel);
            ledger.query(
                    "insert into message (id, channel, rollback, about_at, source, previous, patient_until)"
                            + " values ($1, $2, $3, $4, $5, $6, now() + $7::bigint * interval '1 second') on conflict do nothing",
                    id,
                    channel,
                    message.rollback(),
                    envelope.time().atOffset(ZoneOffset.UTC),
                    envelope.source(),
                    envelope.previous(),
                    PATIENCE.toSeconds());
            DeliveryState.Pending pending = new DeliveryState.Pending(channel, worded, event);
            DeliveryState first = tooLate == null || left.contains(channel) ? pending : pending.givenUp(0, tooLate);
            ledger.start(Delivery.KIND, id, message.database(), first);
        }
    }

    private Set<String> hearing(EnrolledDatabase database, Message message) {
        Set<String> channels = new LinkedHashSet<>();
        for (Route route : databases.routesOf(database)) {
            databases
                    .channel(route.channel())
                    .filter(channel -> Interest.in(message, database.environment(), route, channel))
                    .ifPresent(channel -> channels.add(channel.id()));
        }
        return channels;
    }

    /** Those with whom something was left open about this rollback, which this message ends; what was never tried opened nothing. */
    private List<String> left(Message message, Ledger ledger) {
        if (!Interest.ends(message)) return List.of();
        return ledger.query("""
                        select distinct m.channel, coalesce(t.document #>> '{message,about}', t.document ->> 'about') as about
                          from message m join task t on t.kind = $2 and t.id = m.id
                         where m.rollback = $1 and not (t.state = 'GivenUp' and t.document ->> 'attempts' = '0')""", message.rollback(), Delivery.KIND).stream()
                .filter(row -> databases
                        .channel(row.getString("channel"))
                        .filter(channel -> databases.slack() != null || !(channel instanceof Channel.SlackBot))
                        .filter(channel -> Interest.ends(message, channel, row.getString("about")))
                        .isPresent())
                .map(row -> row.getString("channel"))
                .toList();
    }

    /** Whether the rollback has ended since what a message tells of it. */
    boolean ended(String id) {
        return !state.query(
                        "select 1 from message mine join incident i on i.rollback = mine.rollback"
                                + " where mine.id = $1 and i.outcome is not null and i.outcome_at > mine.about_at",
                        id)
                .isEmpty();
    }

    /** Whether the channel took already what the rollback came to after what a message tells of it. */
    boolean overtaken(String id) {
        return !state.query("""
                        select 1 from message mine
                          join message later on later.channel = mine.channel and later.rollback = mine.rollback
                               and (later.about_at, later.position) > (mine.about_at, mine.position)
                          join task t on t.kind = $2 and t.id = later.id and t.state = 'Delivered'
                               and t.document ->> 'about' = any($3)
                         where mine.id = $1 limit 1""", id, Delivery.KIND, Interest.TURNS.toArray(String[]::new))
                .isEmpty();
    }

    /**
     * When to look again for what this message must follow: an event still on its way, or an unfinished message. The more
     * there are, the later: the one before it wakes it. What comes late pages nobody before it can be known how it ended. An
     * outcome waits for none that the channel did not take however often it was tried.
     */
    Optional<Instant> earlierDue(String id) {
        return state
                .query(
                        """
                        select now() + interval '500 milliseconds' as due_at from message mine
                         where mine.id = $1 and mine.previous is not null and mine.patient_until > now()
                           and not exists (select from inbox i where i.source = mine.source and i.id = mine.previous)
                        union all
                        select settled_at from (
                            select patient_until - $4::bigint * interval '1 second' as recorded_at,
                                   patient_until - $5::bigint * interval '1 second' as settled_at, about_at, rollback
                              from message where id = $1 and channel = any($3)) mine
                         where rollback is not null and settled_at > now() and recorded_at > about_at + $6::bigint * interval '1 second'
                        union all
                        select greatest(max(t.due_at), now() + count(*) * interval '250 milliseconds') from message mine
                          join message earlier on earlier.channel = mine.channel and earlier.rollback = mine.rollback
                               and (earlier.about_at, earlier.position) < (mine.about_at, mine.position)
                          join task t on t.kind = $2 and t.id = earlier.id and not t.finished
                          join task own on own.kind = $2 and own.id = mine.id
                         where mine.id = $1
                        having count(*) > 0
                           and not (bool_and(own.document #>> '{message,weight}' = 'outcome')
                                    and max((t.document ->> 'attempts')::int) >= $7)
                         limit 1""",
                        id,
                        Delivery.KIND,
                        paging(),
                        PATIENCE.toSeconds(),
                        PATIENCE.minus(SETTLING).toSeconds(),
                        LATE.toSeconds(),
                        ENOUGH_ATTEMPTS)
                .stream()
                .map(row -> row.getOffsetDateTime("due_at").toInstant())
                .findFirst();
    }

    private String[] paging() {
        return databases.channels().stream()
                .filter(Channel.PagerDuty.class::isInstance)
                .map(Channel::id)
                .toArray(String[]::new);
    }

    /** The message about the same rollback to the same channel that comes next. */
    Optional<String> follower(String id) {
        return state.query("""
                        select later.id from message mine
                          join message later on later.channel = mine.channel and later.rollback = mine.rollback
                               and (later.about_at, later.position) > (mine.about_at, mine.position)
                          join task t on t.kind = $2 and t.id = later.id and not t.finished
                         where mine.id = $1 order by later.about_at, later.position limit 1""", id, Delivery.KIND).stream()
                .map(row -> row.getString("id"))
                .findFirst();
    }

    /** The same for the same event and channel, so that a duplicate makes no second delivery. */
    private static String id(Envelope<?> envelope, String channel) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest((envelope.source() + "\n" + envelope.id() + "\n" + channel)
                            .getBytes(StandardCharsets.UTF_8));
            return "msg_" + HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
