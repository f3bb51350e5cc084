package dev.ripcord.notifier.delivery;

import dev.ripcord.databases.Channel;
import dev.ripcord.databases.EnrolledDatabase.Environment;
import dev.ripcord.databases.Route;
import dev.ripcord.events.Catalogue;
import dev.ripcord.events.RollbackOutcomeEvent;
import dev.ripcord.notifier.message.Message;
import dev.ripcord.notifier.message.Message.Tone;
import dev.ripcord.notifier.message.Message.Weight;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Which messages go to a channel: what the route says, and where it says nothing, what is usual for the kind. */
public final class Interest {

    private static final String STARTED = "rollback.started";
    private static final String PLANNED = "rollback.planned";
    private static final String WATCHED = "watch.completed";
    private static final String HELD = "rollback.delivery-held";
    private static final Set<String> OF_A_WATCH = Set.of("watch.regressed", "watch.settled");

    /** What is told only where it is asked for, when the outcome has closed everything already. */
    private static final Set<String> AFTERWARDS = Set.of("rollback.target-missed", "rollback.post-mortem-due");

    /** What ends something, or is still so when the rollback has ended. */
    private static final Set<String> OF_THE_END = Set.of(STARTED, HELD);

    /** What brings a rollback to where it was not before: what was told of it until then is over. */
    public static final List<String> TURNS = Stream.concat(
                    Stream.of(PLANNED, STARTED),
                    Catalogue.ENTRIES.stream()
                            .filter(entry -> RollbackOutcomeEvent.class.isAssignableFrom(entry.record()))
                            .map(Catalogue.Entry::type))
            .toList();

    private Interest() {}

    /** Whether a channel hears this by this route. */
    public static boolean in(Message message, Environment environment, Route route, Channel channel) {
        if (!route.fits(environment, message.tone().name())) return false;
        boolean asked = route.events().contains(message.about());
        if (!asked && !route.events().isEmpty()) return false;
        return switch (channel) {
            case Channel.SlackBot _ ->
                asked || (message.weight() != Weight.change && message.weight() != Weight.closing);
            case Channel.Slack _, Channel.Webhook _, Channel.Teams _, Channel.Mail _ -> asked || told(message);
            case Channel.PagerDuty _ -> asked || ofDuty(message);
            case Channel.PublicPage _ -> ofThePublic(message);
        };
    }

    private static boolean told(Message message) {
        return switch (message.weight()) {
            case outcome, notice, after -> true;
            case detail, resumed, change, closing -> false;
        };
    }

    private static boolean ofDuty(Message message) {
        return message.tone() == Tone.alarm
                || message.weight() == Weight.outcome
                || message.weight() == Weight.change
                || message.about().equals(STARTED)
                || message.about().equals(WATCHED);
    }

    /** Never more than that a database is away and back again, whatever a route asks for. */
    private static boolean ofThePublic(Message message) {
        return message.weight() == Weight.outcome
                || message.about().equals(STARTED)
                || message.about().equals("rollback.overdue");
    }

    /** Whether this is of the kind that ends what some channels open. */
    public static boolean ends(Message message) {
        return message.rollback() != null
                && (decides(message) || message.about().equals(WATCHED) || message.weight() == Weight.resumed);
    }

    /** That somebody approved means that somebody is at work. */
    private static boolean decides(Message message) {
        return message.weight() == Weight.outcome
                || message.weight() == Weight.closing
                || message.about().equals(STARTED);
    }

    /**
     * Whether this ends what a channel opened when it was told something else of the same rollback: then it hears it whatever
     * the routes ask for, lest a page, an incident or a button stays for ever.
     *
     * @param told what it was told before, by the event's name on the wire
     */
    public static boolean ends(Message message, Channel channel, String told) {
        return switch (channel) {
            case Channel.PagerDuty _ ->
                decides(message)
                        || (message.about().equals(WATCHED) && (OF_A_WATCH.contains(told) || AFTERWARDS.contains(told)))
                        || (message.weight() == Weight.resumed && told.equals(HELD));
            case Channel.SlackBot _ -> decides(message) && told.equals(PLANNED);
            case Channel.PublicPage _ -> message.weight() == Weight.outcome;
            case Channel.Slack _, Channel.Webhook _, Channel.Teams _, Channel.Mail _ -> false;
        };
    }

    /** Whether this does nothing but end what a channel opened before: told too late, it would end what came after it. */
    public static boolean onlyResolves(Message message, Channel channel) {
        return channel instanceof Channel.PagerDuty && message.about().equals(STARTED);
    }

    /** Whether this would page somebody about a rollback that is under way: once it has ended, nobody need be woken for it. */
    public static boolean onlyMeanwhile(Message message, Channel channel) {
        boolean ofTheWay = message.weight() == Weight.notice || message.weight() == Weight.detail;
        return channel instanceof Channel.PagerDuty
                && message.rollback() != null
                && ofTheWay
                && !OF_THE_END.contains(message.about());
    }
}
