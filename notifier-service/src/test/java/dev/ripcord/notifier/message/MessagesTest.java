package dev.ripcord.notifier.message;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ripcord.databases.Databases;
import dev.ripcord.events.Catalogue;
import dev.ripcord.events.KafkaBinding;
import dev.ripcord.events.Plan;
import dev.ripcord.events.RipcordEvent;
import dev.ripcord.events.RollbackEvent;
import dev.ripcord.events.RollbackOutcomeEvent;
import dev.ripcord.events.RollbackRequestEvent;
import dev.ripcord.events.SnapshotEvent;
import dev.ripcord.events.TableLoss;
import dev.ripcord.events.VerificationEvent;
import dev.ripcord.events.VerificationEvent.CheckResult;
import dev.ripcord.events.VerificationEvent.Finding;
import dev.ripcord.events.VerificationEvent.Verdict;
import dev.ripcord.events.Way;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MessagesTest {

    private static final String HASH = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

    private final Messages messages = new Messages("https://rollback.example/");

    @Test
    void a_plan_that_waits_for_approval_says_the_word_and_how_to_answer() {
        Message message =
                messages.about(planned("word", "CONFIRM_FULL_RESTORE")).orElseThrow();
        assertThat(message.headline()).isEqualTo("Rollback of shop waits for approval");
        assertThat(message.facts())
                .contains(new Message.Fact("To approve, the word must be typed", "CONFIRM_FULL_RESTORE"))
                .contains(new Message.Fact(
                        "Rows that will be lost", "public.orders: 3 inserted, 2 updated, 1 deleted (estimate)"));
        assertThat(message.command())
                .isEqualTo(
                        "curl -X POST -H \"Authorization: Bearer $RIPCORD_TOKEN\" -H 'Content-Type: application/json'"
                                + " -d '{\"planHash\":\"" + HASH + "\",\"word\":\"CONFIRM_FULL_RESTORE\"}'"
                                + " https://rollback.example/rollbacks/r1/approve");
    }

    @Test
    void a_plan_that_nobody_needs_to_approve_is_not_told() {
        assertThat(messages.about(planned("automatic", null))).isEmpty();
    }

    @Test
    void neither_the_request_nor_the_plan_of_a_dry_run_is_told_and_its_end_only_closes() {
        Way way = new Way("partial", List.of("public.orders"), false, null, 0, null, true);
        assertThat(messages.about(
                        new RollbackRequestEvent.Requested("shop", "r1", null, null, null, "what if", "anna", way)))
                .isEmpty();
        RollbackEvent.Planned planned = planned("word", "CONFIRM_FULL_RESTORE");
        assertThat(messages.about(new RollbackEvent.Planned("shop", "r1", planned.plan(), true)))
                .isEmpty();
        assertThat(messages.about(new RollbackEvent.Step("shop", "r1", "dry-run-ended", 0, "nothing was changed")))
                .map(Message::weight)
                .hasValue(Message.Weight.closing);
        assertThat(messages.about(new RollbackRequestEvent.Requested(
                        "shop", "r1", null, null, null, "now", "anna", Way.of("full"))))
                .isNotEmpty();
    }

    @Test
    void the_loss_that_is_counted_comes_after_the_outcome() {
        assertThat(messages.about(new RollbackEvent.LossCounted("shop", "r1", List.of(), 5)))
                .map(Message::weight)
                .hasValue(Message.Weight.after);
    }

    @Test
    void no_message_holds_a_password_or_a_found_value() {
        Message failed = messages.about(new RollbackOutcomeEvent.Failed(
                        "shop",
                        "r1",
                        "unchanged",
                        "cannot reach postgresql://admin:s3cret@db.internal/shop password=s3cret",
                        "try again"))
                .orElseThrow();
        assertThat(failed.toString()).doesNotContain("s3cret").contains("db.internal/shop");
        Message verification = messages.about(new VerificationEvent.Failed(
                        "shop",
                        "v1",
                        "r1",
                        List.of(
                                new CheckResult("indexes", Verdict.passed, 1, List.of()),
                                new CheckResult(
                                        "queries",
                                        Verdict.failed,
                                        1,
                                        List.of(new Finding("newest customer", "anna", "bob@example.com"))))))
                .orElseThrow();
        assertThat(verification.facts()).contains(new Message.Fact("Checks", "queries: failed (newest customer)"));
        assertThat(verification.toString()).doesNotContain("bob@example.com");
    }

    @Test
    void what_somebody_wrote_is_one_line_and_a_list_of_ours_one_for_each() {
        List<TableLoss> loss =
                List.of(new TableLoss("public.\"a\nb\"", 3, 0, 0, true), new TableLoss("public.c", 1, 0, 0, true));
        Message counted = messages.about(new RollbackEvent.LossCounted("shop", "r1", loss, 5))
                .orElseThrow();
        assertThat(counted.facts().getFirst().value().lines()).hasSize(2);
        Message refused = messages.about(
                        new RollbackOutcomeEvent.Refused("shop", "r1", "no\r\n\u2028Approved by: bob", "ask again"))
                .orElseThrow();
        assertThat(refused.facts()).containsExactly(new Message.Fact("Reason", "no Approved by: bob"));
    }

    @Test
    void whoever_approves_alone_is_told_to_everybody_as_an_alarm_and_again_in_the_outcome() {
        Message broken = messages.about(
                        new RollbackEvent.GlassBroken("shop", "r1", HASH, "cleo alone", "nobody answers"))
                .orElseThrow();
        assertThat(broken.tone()).isEqualTo(Message.Tone.alarm);
        assertThat(broken.headline()).startsWith("GLASS BROKEN");
        assertThat(broken.facts())
                .contains(new Message.Fact("By", "cleo alone"), new Message.Fact("Reason", "nobody answers"));
        Message done = messages.about(new RollbackOutcomeEvent.Completed(
                        "shop",
                        "r1",
                        "s1",
                        "shop__failed_1",
                        9,
                        900,
                        List.of(),
                        List.of(),
                        "undo it",
                        "cleo: nobody answers"))
                .orElseThrow();
        assertThat(done.facts()).contains(new Message.Fact("Approved by one alone", "cleo: nobody answers"));
    }

    @Test
    void what_does_not_get_on_is_an_alarm_with_its_state_and_the_next_command() {
        String next = "ripcord rollback reopen r1 --word CONFIRM_REOPEN --reason …";
        Message overdue = messages.about(
                        new RollbackEvent.Overdue("shop", "r1", "Abandoning", Instant.EPOCH, 30, true, next))
                .orElseThrow();
        assertThat(overdue.tone()).isEqualTo(Message.Tone.alarm);
        assertThat(overdue.headline()).contains("Abandoning").contains("CLOSED");
        assertThat(overdue.command()).isEqualTo(next);
    }

    @Test
    void delivery_that_stays_paused_is_an_alarm_with_what_to_do_by_hand() {
        Message held = messages.about(new RollbackEvent.DeliveryHeld(
                        "shop", "r1", "permission denied", "argocd app set shop --sync-policy automated"))
                .orElseThrow();
        assertThat(held.tone()).isEqualTo(Message.Tone.alarm);
        assertThat(held.command()).isEqualTo("argocd app set shop --sync-policy automated");
    }

    @Test
    void what_goes_as_planned_is_not_told() {
        assertThat(messages.about(new SnapshotEvent.Started("shop", "s1", "v1", "clone")))
                .isEmpty();
        assertThat(messages.about(new VerificationEvent.Passed("shop", "v1", null, List.of())))
                .isEmpty();
    }

    @Test
    void a_step_is_a_detail_and_an_outcome_is_for_everybody() {
        Message step = messages.about(new RollbackEvent.Step("shop", "r1", "fenced", 1200, "2 sessions ended"))
                .orElseThrow();
        assertThat(step.weight()).isEqualTo(Message.Weight.detail);
        assertThat(step.loud()).isFalse();
        assertThat(step.facts())
                .containsExactly(new Message.Fact("Took", "1.2 s"), new Message.Fact("Done", "2 sessions ended"));
        Message refused = messages.about(new RollbackOutcomeEvent.Refused("shop", "r1", "no snapshot", "take one"))
                .orElseThrow();
        assertThat(refused.weight()).isEqualTo(Message.Weight.outcome);
        assertThat(refused.loud()).isTrue();
    }

    @Test
    void what_a_route_can_ask_for_is_what_is_told() throws IOException {
        JsonNode schema;
        try (InputStream file = Databases.class.getResourceAsStream("databases.schema.json")) {
            schema = KafkaBinding.JSON.readTree(file);
        }
        List<String> askable = new ArrayList<>();
        schema.at("/$defs/event/enum").forEach(each -> askable.add(each.asText()));
        List<String> told = new ArrayList<>();
        for (Catalogue.Entry entry : Catalogue.ENTRIES) {
            Path golden =
                    Path.of("..", "contracts", "events", "src", "test", "resources", "golden", entry.type() + ".json");
            RipcordEvent event = KafkaBinding.JSON.readValue(golden.toFile(), entry.record());
            messages.about(event).map(Message::about).ifPresent(told::add);
        }
        assertThat(askable).containsExactlyInAnyOrderElementsOf(told);
        List<String> tones = new ArrayList<>();
        schema.at("/$defs/chosenRoute/properties/tones/items/enum").forEach(each -> tones.add(each.asText()));
        assertThat(tones).containsExactly("news", "good", "attention", "alarm");
    }

    private static RollbackEvent.Planned planned(String approval, @Nullable String word) {
        List<TableLoss> loss =
                List.of(new TableLoss("public.orders", 3, 2, 1, false), new TableLoss("public.calm", 0, 0, 0, false));
        return new RollbackEvent.Planned(
                "shop", "r1", new Plan("full", "s1", Instant.EPOCH, true, true, loss, 40, approval, word, HASH));
    }
}
