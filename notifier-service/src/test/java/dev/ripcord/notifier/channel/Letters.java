package dev.ripcord.notifier.channel;

import dev.ripcord.events.Envelope;
import dev.ripcord.events.RipcordEvent;
import dev.ripcord.notifier.delivery.Carrier;
import dev.ripcord.notifier.delivery.Notes;
import dev.ripcord.notifier.message.Message;
import dev.ripcord.notifier.message.Messages;
import java.util.HashMap;
import java.util.Map;

/** The messages about some events, as one channel gets them: what it notes of each rollback is there at the next. */
public final class Letters {

    private final Messages messages = new Messages("https://rollback.example");
    private final Map<String, Map<String, String>> kept = new HashMap<>();
    private int notesLeft = Integer.MAX_VALUE;

    /** What an event is told as; the same event is the same letter. */
    public Carrier.Letter about(RipcordEvent event) {
        Message message = messages.about(event).orElseThrow();
        String id = "msg_" + Integer.toHexString(event.hashCode());
        String subject = message.rollback() == null ? id : message.rollback();
        Map<String, String> notes = kept.computeIfAbsent(subject, each -> new HashMap<>());
        String json = "{\"time\":\"2026-03-14T02:00:05Z\",\"id\":\""
                + Envelope.of("/test", event).id() + "\"}";
        return new Carrier.Letter(id, message, json, new Notes(notes, (name, value) -> keep(notes, name, value)));
    }

    /** The same where the channel took already what the rollback came to after it. */
    public Carrier.Letter overtaken(RipcordEvent event) {
        Carrier.Letter letter = about(event);
        return new Carrier.Letter(letter.id(), letter.message(), letter.event(), letter.notes(), true);
    }

    /** After so many notes more, the service dies instead of keeping the next. */
    public void dyingAfter(int notes) {
        notesLeft = notes;
    }

    private void keep(Map<String, String> notes, String name, String value) {
        if (notesLeft-- <= 0) throw new IllegalStateException("the service dies here");
        notes.put(name, value);
    }
}
