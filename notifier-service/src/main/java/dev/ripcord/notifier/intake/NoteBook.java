package dev.ripcord.notifier.intake;

import dev.ripcord.delivery.StateDatabase;
import dev.ripcord.notifier.delivery.Notes;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.stream.Collectors;

/** Where the notes of all channels are kept. */
@ApplicationScoped
class NoteBook {

    private final StateDatabase state;

    NoteBook(StateDatabase state) {
        this.state = state;
    }

    /** What a channel remembers of a subject. */
    Notes open(String channel, String subject) {
        Map<String, String> kept =
                state
                        .query("select name, value from note where channel = $1 and subject = $2", channel, subject)
                        .stream()
                        .collect(Collectors.toMap(row -> row.getString("name"), row -> row.getString("value")));
        return new Notes(kept, (name, value) -> keep(channel, subject, name, value));
    }

    private void keep(String channel, String subject, String name, String value) {
        state.query(
                "insert into note (channel, subject, name, value) values ($1, $2, $3, $4)"
                        + " on conflict (channel, subject, name) do update set value = excluded.value, kept_at = now()",
                channel,
                subject,
                name,
                value);
    }
}
