package dev.ripcord.rollback.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.ripcord.events.Catalogue;
import dev.ripcord.events.KafkaBinding;
import dev.ripcord.events.RipcordEvent;
import dev.ripcord.events.RollbackOutcomeEvent;
import dev.ripcord.rollback.audit.Entry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Everything that the audit trail holds of one rollback, in the order in which it was recorded. */
record Story(List<Told> told) {

    Story {
        told = List.copyOf(told);
    }

    /** One event and when it was recorded. */
    record Told(Instant at, RipcordEvent event) {}

    /** What one service says and hears again, a request of its own for example, stands in the trail twice and here once. */
    static Story of(List<Entry> entries) {
        Map<RipcordEvent, String> directions = new HashMap<>();
        List<Told> story = new ArrayList<>();
        for (Entry entry : entries) {
            told(entry)
                    .filter(told -> directions
                            .computeIfAbsent(told.event(), first -> entry.direction())
                            .equals(entry.direction()))
                    .ifPresent(story::add);
        }
        return new Story(story);
    }

    /** What an older version wrote and this one cannot read is left out; the trail itself has it still. */
    private static Optional<Told> told(Entry entry) {
        return Catalogue.named(entry.type()).flatMap(known -> {
            try {
                return Optional.of(new Told(entry.at(), KafkaBinding.JSON.readValue(entry.document(), known.record())));
            } catch (JsonProcessingException e) {
                return Optional.empty();
            }
        });
    }

    Instant began() {
        return told.getFirst().at();
    }

    <E extends RipcordEvent> Optional<E> first(Class<E> type) {
        return all(type).findFirst();
    }

    <E extends RipcordEvent> Optional<E> last(Class<E> type) {
        return all(type).reduce((older, newer) -> newer);
    }

    <E extends RipcordEvent> Stream<E> all(Class<E> type) {
        return told.stream().map(Told::event).filter(type::isInstance).map(type::cast);
    }

    Optional<Instant> firstAt(Predicate<RipcordEvent> fits) {
        return times(fits).findFirst();
    }

    Optional<Instant> lastAt(Predicate<RipcordEvent> fits) {
        return times(fits).reduce((older, newer) -> newer);
    }

    /** How it ended, if it has. */
    Optional<RollbackOutcomeEvent> outcome() {
        return last(RollbackOutcomeEvent.class);
    }

    private Stream<Instant> times(Predicate<RipcordEvent> fits) {
        return told.stream().filter(each -> fits.test(each.event())).map(Told::at);
    }
}
