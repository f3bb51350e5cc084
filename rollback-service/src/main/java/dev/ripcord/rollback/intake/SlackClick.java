package dev.ripcord.rollback.intake;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.ripcord.events.KafkaBinding;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What somebody did in Slack, by its documented payloads {@code block_actions} and {@code view_submission}.
 *
 * @param submitted whether a dialogue was filled in, and not a button pressed
 * @param rejecting whether the rollback is rejected, and not approved
 * @param user Slack's id of who did it
 * @param plan the hash of the plan that was shown
 * @param said the word or the reason that was typed
 * @param trigger with which a dialogue can be opened within three seconds
 * @param answerTo where an answer goes that this user alone sees
 */
record SlackClick(
        boolean submitted,
        boolean rejecting,
        String user,
        String rollback,
        String plan,
        String said,
        String trigger,
        String answerTo) {

    static final String APPROVE = "ripcord_approve";
    static final String REJECT = "ripcord_reject";
    static final String INPUT = "said";

    /** What is not about a decision is nothing; what cannot be read neither. */
    static Optional<SlackClick> of(byte[] body) {
        for (String field : new String(body, StandardCharsets.UTF_8).split("&")) {
            if (!field.startsWith("payload=")) continue;
            try {
                return of(KafkaBinding.JSON.readTree(
                        URLDecoder.decode(field.substring("payload=".length()), StandardCharsets.UTF_8)));
            } catch (JsonProcessingException | IllegalArgumentException e) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    private static Optional<SlackClick> of(JsonNode payload) throws JsonProcessingException {
        boolean submitted = payload.path("type").asText().equals("view_submission");
        if (!submitted && !payload.path("type").asText().equals("block_actions")) return Optional.empty();
        JsonNode action = payload.path("actions").path(0);
        String name = (submitted ? payload.at("/view/callback_id") : action.path("action_id")).asText();
        if (!name.equals(APPROVE) && !name.equals(REJECT)) return Optional.empty();
        JsonNode about = KafkaBinding.JSON.readTree(
                (submitted ? payload.at("/view/private_metadata") : action.path("value")).asText());
        return Optional.of(new SlackClick(
                submitted,
                name.equals(REJECT),
                payload.at("/user/id").asText(),
                about.path("rollback").asText(),
                about.path("plan").asText(),
                payload.at("/view/state/values/" + INPUT + "/" + INPUT + "/value")
                        .asText(),
                payload.path("trigger_id").asText(),
                submitted
                        ? about.path("answerTo").asText()
                        : payload.path("response_url").asText()));
    }
}
