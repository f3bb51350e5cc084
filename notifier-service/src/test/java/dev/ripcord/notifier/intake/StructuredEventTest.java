package dev.ripcord.notifier.intake;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.ripcord.events.Envelope;
import dev.ripcord.events.KafkaBinding;
import dev.ripcord.events.Plan;
import dev.ripcord.events.RipcordEvent;
import dev.ripcord.events.RollbackEvent;
import dev.ripcord.events.RollbackOutcomeEvent;
import dev.ripcord.events.RollbackRequestEvent;
import dev.ripcord.events.Way;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class StructuredEventTest {

    private static final String STATEMENT = "update customers set name = 'anna' where id = 7";

    @Test
    void a_secret_that_somebody_wrote_is_masked_wherever_it_stands() throws JsonProcessingException {
        String reason = "x".repeat(3000) + " PGPASSWORD=s3cret psql";
        JsonNode failed = data(new RollbackOutcomeEvent.Failed("shop", "r1", "unchanged", reason, "look"));
        assertThat(failed.path("reason").asText()).isEqualTo("x".repeat(3000) + " PGPASSWORD=… psql");
        assertThat(failed.path("next").asText()).isEqualTo("look");
        JsonNode done = data(new RollbackOutcomeEvent.CompletedInPlace(
                "shop", "r1", "sql", "s1", List.of("at postgresql://ann:s3cret@db/shop"), 9, List.of(), "undo"));
        assertThat(done.at("/changes/0").asText()).isEqualTo("at postgresql://…db/shop");
        assertThat(done.path("totalMillis").asLong()).isEqualTo(9);
    }

    @Test
    void half_a_character_is_sent_as_a_question_mark() throws JsonProcessingException {
        JsonNode failed = data(new RollbackOutcomeEvent.Failed("shop", "r1", "unchanged", "cut at \uD83D", "look"));
        assertThat(failed.path("reason").asText()).isEqualTo("cut at ?");
    }

    @Test
    void statements_are_for_those_who_decide() throws JsonProcessingException {
        Way way = new Way("sql", List.of(), false, null, 0, STATEMENT, false);
        JsonNode asked =
                data(new RollbackRequestEvent.Requested("shop", "r1", null, null, null, "prices", "anna", way));
        assertThat(asked.toString()).doesNotContain("customers");
        assertThat(asked.at("/way/method").asText()).isEqualTo("sql");
        assertThat(asked.path("reason").asText()).isEqualTo("prices");
        Plan full = new Plan("full", "s1", Instant.EPOCH, true, true, List.of(), 40, "word", "CONFIRM", "0a1b");
        Plan plan = new Plan(
                "sql",
                full.target(),
                full.losses(),
                full.estimate(),
                full.consent(),
                full.times(),
                List.of(STATEMENT),
                List.of(),
                List.of(),
                null,
                full.facts(),
                "0a1b");
        JsonNode planned = data(new RollbackEvent.Planned("shop", "r1", plan));
        assertThat(planned.toString()).doesNotContain("customers");
        assertThat(planned.at("/plan/hash").asText()).isEqualTo("0a1b");
    }

    private static JsonNode data(RipcordEvent event) throws JsonProcessingException {
        return KafkaBinding.JSON
                .readTree(StructuredEvent.json(Envelope.of("/test", event)))
                .path("data");
    }
}
