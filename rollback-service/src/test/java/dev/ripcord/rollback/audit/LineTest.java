package dev.ripcord.rollback.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LineTest {

    @Test
    void a_record_is_its_time_its_fields_and_the_first_digits_of_its_hash() {
        assertThat(Line.of(entry("rollback.step", null, """
                        {"database": "shop", "rollback": "r-1", "step": "fenced", "millis": 38, "detail": "11 sessions ended, none left"}""")))
                .isEqualTo("2026-03-14T02:04:05.120000Z position=12 said=rollback.step database=shop rollback=r-1"
                        + " source=/ripcord/rollback event=e-1 step=fenced millis=38 detail=\"11 sessions ended, none left\""
                        + " hash=abababababababab");
    }

    @Test
    void who_did_it_is_named_once_and_what_is_deeper_in_the_document_is_there_too() {
        assertThat(Line.of(entry("rollback.planned", "ann", """
                        {"requestedBy": "ann", "plan": {"hash": "60", "proven": true, "word": null, "loss": [{}, {}]}}""")))
                .contains(" actor=ann ")
                .contains(" plan.hash=60 plan.proven=true plan.loss.count=2 ")
                .doesNotContain("requestedBy", "word");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\\n2026-03-14T02:04:05Z position=13 said=rollback.completed",
                "\\r\\n",
                "\\u2028",
                "\\u0085",
                "\\u202e",
                "\\u0000",
                "\\\" hash=0000"
            })
    void no_event_can_make_a_line_of_its_own(String text) {
        String line = Line.of(entry("rollback.step", "mallory\n", "{\"detail\": \"" + text + "\"}"));
        assertThat(line)
                .doesNotContainPattern("[\\p{Cntrl}\\u0085\\u2028\\u202e]")
                .contains("actor=\"mallory\\u000a\"");
        assertThat(line.replaceAll("\"(\\\\.|[^\"\\\\])*\"", "…"))
                .endsWith("actor=… source=/ripcord/rollback event=e-1 detail=… hash=abababababababab");
    }

    @Test
    void a_document_that_is_no_longer_readable_does_not_keep_the_others_from_being_shown() {
        assertThat(Line.of(entry("rollback.step", null, "{"))).contains(" document=unreadable hash=");
    }

    private static Entry entry(String type, @Nullable String actor, String document) {
        return new Entry(
                12,
                Instant.parse("2026-03-14T02:04:05.120Z"),
                "said",
                type,
                "e-1",
                "/ripcord/rollback",
                "shop",
                "r-1",
                actor,
                document,
                "00".repeat(32),
                "ab".repeat(32));
    }
}
