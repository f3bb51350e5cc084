package dev.ripcord.notifier.channel;

import dev.ripcord.notifier.channel.PublicIncident.Phase;
import dev.ripcord.notifier.delivery.Carrier.Letter;
import dev.ripcord.notifier.delivery.Notes;
import dev.ripcord.notifier.delivery.Outcome;
import java.util.Optional;

/**
 * Keeps one incident per rollback on a status page. Before an incident is opened, that is noted; where the answer was lost,
 * by a crash too, the page is asked whether the incident is there, so that none is opened twice. None is opened before the
 * rollback has started.
 */
public final class OneIncident {

    private static final String ASKED = "asked";
    private static final String INCIDENT = "incident";
    private static final String TOLD = "told";
    private static final String OVER = "over";

    private OneIncident() {}

    /** Makes one attempt to tell a page. */
    public static Outcome tell(Letter letter, IncidentPage page) {
        PublicIncident incident = PublicIncident.of(letter.message());
        Notes notes = letter.notes();
        boolean over = incident.phase() == Phase.over;
        boolean late = !over && (letter.overtaken() || notes.find(OVER).isPresent());
        boolean nothing = notes.find(ASKED).isEmpty() && !opens(incident.phase());
        // what comes after its end opens nothing that nobody would close
        if (nothing && over) notes.keep(OVER, letter.id());
        if (late || nothing) return new Outcome.Accepted();
        Outcome told = notes.says(TOLD, letter.id()) ? new Outcome.Accepted() : say(letter, incident, page);
        if (!(told instanceof Outcome.Accepted)) return told;
        notes.keep(TOLD, letter.id());
        Outcome set = page.setComponents(incident).map(OneIncident::outcome).orElse(told);
        if (set instanceof Outcome.Accepted && over) notes.keep(OVER, letter.id());
        return set;
    }

    /** A rollback that waits for approval may be overdue too, and nobody is without a database then. */
    private static boolean opens(Phase phase) {
        return switch (phase) {
            case running, failed -> true;
            case hanging, over -> false;
        };
    }

    private static Outcome say(Letter letter, PublicIncident incident, IncidentPage page) {
        Notes notes = letter.notes();
        Optional<String> id = notes.find(INCIDENT);
        if (id.isPresent()) return outcome(page.update(id.get(), incident));
        if (notes.find(ASKED).isEmpty()) return open(letter, incident, page);
        return switch (page.incidents(incident)) {
            case Reply.Ok ok -> say(letter, incident, page, page.among(ok.json(), incident));
            case Reply.Refused refused -> refused.outcome();
            case Reply.Silent silent -> silent.outcome();
        };
    }

    /** With what the page says of an incident whose opening was asked for before. */
    private static Outcome say(Letter letter, PublicIncident incident, IncidentPage page, Optional<String> found) {
        if (found.isEmpty()) {
            return incident.phase() == Phase.over ? new Outcome.Accepted() : open(letter, incident, page);
        }
        letter.notes().keep(INCIDENT, found.get());
        return letter.notes().says(ASKED, letter.id())
                ? new Outcome.Accepted()
                : outcome(page.update(found.get(), incident));
    }

    private static Outcome open(Letter letter, PublicIncident incident, IncidentPage page) {
        letter.notes().keep(ASKED, letter.id());
        Reply reply = page.open(incident);
        if (!(reply instanceof Reply.Ok ok)) return outcome(reply);
        Optional<String> id = page.opened(ok.json());
        if (id.isEmpty()) return ok.unexpected();
        letter.notes().keep(INCIDENT, id.get());
        return new Outcome.Accepted();
    }

    private static Outcome outcome(Reply reply) {
        return switch (reply) {
            case Reply.Ok _ -> new Outcome.Accepted();
            case Reply.Refused refused -> refused.outcome();
            case Reply.Silent silent -> silent.outcome();
        };
    }
}
