package dev.ripcord.databases;

import java.net.URI;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The Slack app in whose messages people approve and reject rollbacks.
 *
 * @param signingSecret with which Slack signs what it sends
 * @param token of its bot, beginning with {@code xoxb-}: opens the dialogue in which a confirmation word is typed
 * @param people by Slack's id of a user, who that is here; nobody else may say anything
 * @param address of the Web API
 */
public record SlackApp(Secret signingSecret, Secret token, Map<String, Known> people, URI address) {

    public SlackApp(Secret signingSecret, Secret token, @Nullable Map<String, Known> people, @Nullable URI address) {
        this.signingSecret = signingSecret;
        this.token = token;
        this.people = people == null ? Map.of() : Map.copyOf(people);
        this.address = address == null ? URI.create("https://slack.com/api") : address;
    }

    /**
     * Somebody who is known here.
     *
     * @param name as in the tokens file, or as the identity provider has it
     * @param role what that person may do; null where the tokens file says it
     */
    public record Known(String name, @Nullable String role) {}

    /** Who a user of Slack is here. */
    public Optional<Known> who(String user) {
        return Optional.ofNullable(people.get(user));
    }
}
