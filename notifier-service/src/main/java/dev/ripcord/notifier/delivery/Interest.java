package dev.ripcord.notifier.delivery;

import dev.ripcord.databases.Channel;
import dev.ripcord.databases.EnrolledDatabase.Environment;
import dev.ripcord.databases.Route;
import dev.ripcord.notifier.message.Message;
import dev.ripcord.notifier.message.Message.Tone;
import dev.ripcord.notifier.message.Message.Weight;

/** Which messages go to a channel: what the route says, and where it says nothing, what is usual for the kind. */
public final class Interest {

    private Interest() {}

    /** Whether a channel hears this by this route. */
    public static boolean in(Message message, Environment environment, Route route, Channel channel) {
        if (!route.fits(environment, message.tone().name())) return false;
        boolean asked = route.events().contains(message.about());
        if (!asked && !route.events().isEmpty()) return false;
        return switch (channel) {
            case Channel.SlackBot _ -> asked || message.weight() != Weight.change;
            case Channel.Slack _, Channel.Webhook _, Channel.Teams _, Channel.Mail _ -> asked || told(message);
            case Channel.PagerDuty _ -> asked || ofDuty(message);
            case Channel.PublicPage _ -> ofThePublic(message);
        };
    }

    private static boolean told(Message message) {
        return switch (message.weight()) {
            case outcome, notice, after -> true;
            case detail, change -> false;
        };
    }

    private static boolean ofDuty(Message message) {
        return message.tone() == Tone.alarm
                || message.weight() == Weight.outcome
                || message.weight() == Weight.change
                || message.about().equals("rollback.started")
                || message.about().equals("watch.completed");
    }

    /** Never more than that a database is away and back again, whatever a route asks for. */
    private static boolean ofThePublic(Message message) {
        return message.weight() == Weight.outcome
                || message.about().equals("rollback.started")
                || message.about().equals("rollback.overdue");
    }
}
