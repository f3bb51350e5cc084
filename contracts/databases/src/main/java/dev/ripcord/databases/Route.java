package dev.ripcord.databases;

import com.fasterxml.jackson.annotation.JsonCreator;
import dev.ripcord.databases.EnrolledDatabase.Environment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What goes to a channel. A list that is empty asks for nothing: without {@code events}, a channel is told what its kind
 * usually is.
 *
 * @param channel the channel's id
 * @param events names of events on the wire
 * @param environments of the databases concerned
 * @param tones how urgent it is: news, good, attention or alarm
 */
public record Route(String channel, List<String> events, List<Environment> environments, List<String> tones) {

    /** As read from the file, with what is missing there. */
    @JsonCreator(mode = JsonCreator.Mode.PROPERTIES)
    public Route(
            String channel,
            @Nullable List<String> events,
            @Nullable List<Environment> environments,
            @Nullable List<String> tones) {
        this.channel = channel;
        this.events = events == null ? List.of() : List.copyOf(events);
        this.environments = environments == null ? List.of() : List.copyOf(environments);
        this.tones = tones == null ? List.of() : List.copyOf(tones);
    }

    /** All that the channel is usually told. */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static Route to(String channel) {
        return new Route(channel, null, null, null);
    }

    /** Whether something of this urgency about a database of this environment goes this way; the event is asked for elsewhere. */
    public boolean fits(Environment environment, String tone) {
        return (environments.isEmpty() || environments.contains(environment))
                && (tones.isEmpty() || tones.contains(tone));
    }
}
