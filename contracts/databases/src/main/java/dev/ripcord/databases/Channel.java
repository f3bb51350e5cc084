package dev.ripcord.databases;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonSubTypes.Type;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where messages can go, as {@code databases.yaml} says it; what is left out there has its default here. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @Type(value = Channel.Slack.class, name = "slack"),
    @Type(value = Channel.SlackBot.class, name = "slackBot"),
    @Type(value = Channel.Webhook.class, name = "webhook"),
    @Type(value = Channel.Statuspage.class, name = "statuspage"),
    @Type(value = Channel.Cachet.class, name = "cachet"),
    @Type(value = Channel.Instatus.class, name = "instatus"),
    @Type(value = Channel.PagerDuty.class, name = "pagerduty"),
    @Type(value = Channel.Teams.class, name = "teams"),
    @Type(value = Channel.Mail.class, name = "mail"),
})
public sealed interface Channel {

    /** Its id in routes. */
    String id();

    /** Its kind as the file says it. */
    default String kind() {
        return switch (this) {
            case Slack _ -> "slack";
            case SlackBot _ -> "slackBot";
            case Webhook _ -> "webhook";
            case Statuspage _ -> "statuspage";
            case Cachet _ -> "cachet";
            case Instatus _ -> "instatus";
            case PagerDuty _ -> "pagerduty";
            case Teams _ -> "teams";
            case Mail _ -> "mail";
        };
    }

    /** A Slack incoming webhook: one channel, neither threads nor updates. */
    record Slack(String id, Secret url) implements Channel {}

    /**
     * A Slack app's bot.
     *
     * @param token beginning with {@code xoxb-}
     * @param channel id of the channel it posts in
     * @param address of the Web API
     */
    record SlackBot(String id, Secret token, String channel, URI address) implements Channel {
        public SlackBot(String id, Secret token, String channel, @Nullable URI address) {
            this.id = id;
            this.token = token;
            this.channel = channel;
            this.address = address == null ? URI.create("https://slack.com/api") : address;
        }
    }

    /** A subscriber, who is sent the events themselves, signed. */
    record Webhook(String id, Secret url, Secret signingKey) implements Channel {}

    /** A status page for the public. */
    sealed interface PublicPage extends Channel {
        /** What the API asks for. */
        Secret token();

        /** The beginning of the API's addresses. */
        URI address();

        /** By a database's id, the page's components that are away while it is. */
        Map<String, List<String>> components();

        /** The page's components that are away while this database is. */
        default List<String> componentsOf(String database) {
            return components().getOrDefault(database, List.of());
        }
    }

    /**
     * A page at Atlassian Statuspage.
     *
     * @param page the page's id
     */
    record Statuspage(String id, Secret token, String page, Map<String, List<String>> components, URI address)
            implements PublicPage {
        public Statuspage(
                String id,
                Secret token,
                String page,
                @Nullable Map<String, List<String>> components,
                @Nullable URI address) {
            this.id = id;
            this.token = token;
            this.page = page;
            this.components = components == null ? Map.of() : Map.copyOf(components);
            this.address = address == null ? URI.create("https://api.statuspage.io/v1") : address;
        }
    }

    /** A Cachet of version 3, at {@code https://…/api}. */
    record Cachet(String id, Secret token, Map<String, List<String>> components, URI address) implements PublicPage {
        public Cachet(String id, Secret token, @Nullable Map<String, List<String>> components, URI address) {
            this.id = id;
            this.token = token;
            this.components = components == null ? Map.of() : Map.copyOf(components);
            this.address = address;
        }
    }

    /**
     * A page at Instatus.
     *
     * @param page the page's id
     */
    record Instatus(String id, Secret token, String page, Map<String, List<String>> components, URI address)
            implements PublicPage {
        public Instatus(
                String id,
                Secret token,
                String page,
                @Nullable Map<String, List<String>> components,
                @Nullable URI address) {
            this.id = id;
            this.token = token;
            this.page = page;
            this.components = components == null ? Map.of() : Map.copyOf(components);
            this.address = address == null ? URI.create("https://api.instatus.com") : address;
        }
    }

    /** A service at PagerDuty, by an integration key of its Events API v2. */
    record PagerDuty(String id, Secret routingKey, URI address) implements Channel {
        public PagerDuty(String id, Secret routingKey, @Nullable URI address) {
            this.id = id;
            this.routingKey = routingKey;
            this.address = address == null ? URI.create("https://events.pagerduty.com") : address;
        }
    }

    /** A Microsoft Teams channel, by the address of a workflow that waits for webhooks. */
    record Teams(String id, Secret url) implements Channel {}

    /**
     * People's mailboxes.
     *
     * @param tls how the connection to the server is encrypted
     * @param user null where the server asks for none
     */
    record Mail(
            String id,
            String host,
            int port,
            MailTls tls,
            @Nullable String user,
            @Nullable Secret password,
            String from,
            List<String> to)
            implements Channel {
        public Mail(
                String id,
                String host,
                int port,
                @Nullable MailTls tls,
                @Nullable String user,
                @Nullable Secret password,
                String from,
                List<String> to) {
            this.id = id;
            this.host = host;
            this.tls = tls == null ? MailTls.starttls : tls;
            this.port = port == 0 ? this.tls.usualPort() : port;
            this.user = user;
            this.password = password;
            this.from = from;
            this.to = List.copyOf(to);
        }
    }

    /** How mail gets to its server. */
    enum MailTls {
        /** As it is: for a server on the same machine. */
        none,
        /** Encrypted after the first words; refused where the server does not offer it. */
        starttls,
        /** Encrypted from the beginning. */
        tls;

        private int usualPort() {
            return switch (this) {
                case none -> 25;
                case starttls -> 587;
                case tls -> 465;
            };
        }
    }
}
