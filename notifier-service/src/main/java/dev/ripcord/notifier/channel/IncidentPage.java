package dev.ripcord.notifier.channel;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/** What a public status page can do, by the calls of its provider. */
public interface IncidentPage {

    /** Asks for the newest incidents, among which one of this rollback would be. */
    Reply incidents(PublicIncident incident);

    /** The id of this rollback's incident in what {@link #incidents} answered. */
    Optional<String> among(JsonNode incidents, PublicIncident incident);

    /** Opens an incident. */
    Reply open(PublicIncident incident);

    /** The new incident's id in what {@link #open} answered. */
    Optional<String> opened(JsonNode answer);

    /** Says how the incident stands now. */
    Reply update(String id, PublicIncident incident);

    /** Sets what the incident does not set itself, if anything: the first answer that is not a success ends it. */
    default Optional<Reply> setComponents(PublicIncident incident) {
        return Optional.empty();
    }
}
