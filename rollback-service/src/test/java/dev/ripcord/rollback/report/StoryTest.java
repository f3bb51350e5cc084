package dev.ripcord.rollback.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.ripcord.events.Catalogue;
import dev.ripcord.events.KafkaBinding;
import dev.ripcord.events.RipcordEvent;
import dev.ripcord.events.RollbackEvent;
import dev.ripcord.events.RollbackRequestEvent;
import dev.ripcord.rollback.audit.Entry;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class StoryTest {

    private static final RipcordEvent ASKED =
            new RollbackRequestEvent.Requested("shop", "r1", null, null, null, "alerts fire", "alertmanager");
    private static final RipcordEvent CANCELLED =
            new RollbackRequestEvent.Cancelled("shop", "r1", "they are over", "alertmanager");
    private static final RipcordEvent STEP = new RollbackEvent.Step("shop", "r1", "fenced", 12, "2 sessions ended");

    @Test
    void what_a_service_said_and_heard_again_is_told_once_under_whichever_id() throws JsonProcessingException {
        List<Entry> entries = List.of(
                entry(1, "said", "e1", ASKED),
                entry(2, "heard", "e1", ASKED),
                entry(3, "heard", "e2", CANCELLED),
                entry(4, "said", "e3", CANCELLED));
        assertThat(Story.of(entries).told())
                .containsExactly(
                        new Story.Told(Instant.ofEpochSecond(1), ASKED),
                        new Story.Told(Instant.ofEpochSecond(3), CANCELLED));
    }

    @Test
    void what_happened_twice_is_told_twice() throws JsonProcessingException {
        assertThat(Story.of(List.of(entry(1, "said", "e1", STEP), entry(2, "said", "e2", STEP)))
                        .told())
                .hasSize(2);
    }

    private static Entry entry(long second, String direction, String id, RipcordEvent event)
            throws JsonProcessingException {
        return new Entry(
                second,
                Instant.ofEpochSecond(second),
                direction,
                Catalogue.of(event).type(),
                id,
                "/ripcord/rollback",
                event.database(),
                "r1",
                null,
                KafkaBinding.JSON.writeValueAsString(event),
                "0",
                "0");
    }
}
