package dev.ripcord.notifier.page;

import dev.ripcord.notifier.incident.Incident;
import java.time.Instant;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One rollback in a feed; a reader shows it again when {@code updated} has changed.
 *
 * @param text what the page says of it
 */
record FeedItem(String id, String title, String text, String database, Instant published, Instant updated) {

    static FeedItem of(Incident incident) {
        Instant updated = Stream.of(
                        incident.firstAt(),
                        incident.requestedAt(),
                        incident.plannedAt(),
                        incident.startedAt(),
                        incident.outcomeAt(),
                        incident.undoneAt(),
                        incident.verifiedAt())
                .filter(Objects::nonNull)
                .max(Instant::compareTo)
                .orElse(incident.firstAt());
        Card card = Card.of(incident, updated);
        String text = card.facts().stream()
                .map(fact -> fact.label() + ": " + fact.value())
                .collect(Collectors.joining("\n"));
        return new FeedItem(
                "urn:ripcord:rollback:" + incident.rollback(),
                card.title() + ": " + card.badge(),
                text.isEmpty() ? card.badge() : text,
                incident.database(),
                incident.firstAt(),
                updated);
    }
}
