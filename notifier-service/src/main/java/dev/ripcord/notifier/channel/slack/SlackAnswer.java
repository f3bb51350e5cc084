package dev.ripcord.notifier.channel.slack;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ripcord.notifier.channel.Reply;
import dev.ripcord.notifier.delivery.Outcome;
import java.util.Set;

/**
 * What Slack's Web API answered. An error comes with status 200, {@code ok} false and a code; the codes are those of
 * <a href="https://docs.slack.dev/reference/methods/chat.postMessage#errors">chat.postMessage</a> and
 * <a href="https://docs.slack.dev/reference/methods/chat.update#errors">chat.update</a>.
 */
sealed interface SlackAnswer {

    /**
     * It was done.
     *
     * @param ts the message's timestamp, by which it is named
     */
    record Done(String ts) implements SlackAnswer {}

    /** The message that was meant is not there, or may not be changed any more. */
    record Gone(Outcome outcome) implements SlackAnswer {}

    /** It was not done. */
    record Failed(Outcome outcome) implements SlackAnswer {}

    /** Codes that stay the same until a person changes something; all others pass, or are not known. */
    Set<String> LASTING = Set.of(
            "account_inactive",
            "as_user_not_supported",
            "channel_not_found",
            "ekm_access_denied",
            "invalid_arg_name",
            "invalid_arguments",
            "invalid_auth",
            "invalid_blocks",
            "invalid_blocks_format",
            "is_archived",
            "messages_tab_disabled",
            "metadata_too_large",
            "missing_scope",
            "msg_blocks_too_long",
            "msg_too_long",
            "no_permission",
            "no_text",
            "not_allowed_token_type",
            "not_authed",
            "not_in_channel",
            "restricted_action",
            "restricted_action_non_threadable_channel",
            "restricted_action_read_only_channel",
            "restricted_action_thread_only_channel",
            "token_expired",
            "token_revoked");

    /** Codes that name a message which is gone, or closed to changes. */
    Set<String> OF_A_MESSAGE_GONE =
            Set.of("message_not_found", "thread_not_found", "cant_update_message", "edit_window_closed");

    static SlackAnswer of(Reply reply) {
        return switch (reply) {
            case Reply.Silent silent -> new Failed(silent.outcome());
            case Reply.Refused refused -> new Failed(refused.outcome());
            case Reply.Ok ok -> of(ok);
        };
    }

    /**
     * The message that carries this id in its metadata. An error that lasts says that the bot may not look, or may do nothing
     * at all: either way the message cannot be found, and posting it says the rest.
     */
    static SlackAnswer among(Reply.Ok reply, String id) {
        JsonNode said = reply.json();
        String error = said.path("error").asText();
        if (LASTING.contains(error) || OF_A_MESSAGE_GONE.contains(error)) return missing("Slack answered " + error);
        if (!said.path("ok").asBoolean()) {
            String reason = error.isEmpty() ? reply.said() : "Slack answered " + error;
            return new Failed(new Outcome.Later(reason, reply.rest()));
        }
        for (JsonNode message : said.path("messages")) {
            if (message.at("/metadata/event_payload/message").asText().equals(id)) {
                return new Done(message.path("ts").asText());
            }
        }
        return missing("it is not there");
    }

    private static SlackAnswer missing(String reason) {
        return new Gone(new Outcome.Never(reason));
    }

    private static SlackAnswer of(Reply.Ok reply) {
        JsonNode said = reply.json();
        String ts = said.path("ts").asText();
        if (said.path("ok").asBoolean() && !ts.isEmpty()) return new Done(ts);
        String error = said.path("error").asText();
        if (error.isEmpty()) return new Failed(reply.unexpected());
        String reason = "Slack answered " + error;
        if (OF_A_MESSAGE_GONE.contains(error)) return new Gone(new Outcome.Never(reason));
        return new Failed(
                LASTING.contains(error) ? new Outcome.Never(reason) : new Outcome.Later(reason, reply.rest()));
    }
}
