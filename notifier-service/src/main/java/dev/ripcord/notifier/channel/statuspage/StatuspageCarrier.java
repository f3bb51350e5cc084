package dev.ripcord.notifier.channel.statuspage;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ripcord.databases.Channel;
import dev.ripcord.notifier.channel.IncidentPage;
import dev.ripcord.notifier.channel.OneIncident;
import dev.ripcord.notifier.channel.Pace;
import dev.ripcord.notifier.channel.Post;
import dev.ripcord.notifier.channel.PublicIncident;
import dev.ripcord.notifier.channel.Reply;
import dev.ripcord.notifier.delivery.Carrier;
import dev.ripcord.notifier.delivery.Outcome;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * A page at Atlassian Statuspage, by <a href="https://developer.statuspage.io/">its API</a>: an incident carries the
 * rollback's id in its metadata and sets the status of the components; a token may be used once a second, which is kept by
 * waiting.
 */
@Singleton
class StatuspageCarrier implements Carrier<Channel.Statuspage> {

    static final Duration APART = Duration.ofMillis(1050);

    private final Post post;
    private final Pace pace;

    @Inject
    StatuspageCarrier(Post post) {
        this(post, new Pace(APART));
    }

    StatuspageCarrier(Post post, Pace pace) {
        this.post = post;
        this.pace = pace;
    }

    @Override
    public Class<Channel.Statuspage> kind() {
        return Channel.Statuspage.class;
    }

    @Override
    public List<String> problems(Channel.Statuspage channel) {
        return Post.problems(channel.token());
    }

    @Override
    public Outcome carry(Letter letter, Channel.Statuspage channel) {
        return Post.with(channel.token(), token -> OneIncident.tell(letter, new Page(channel, token)));
    }

    private final class Page implements IncidentPage {
        private final Channel.Statuspage channel;
        private final Map<String, String> headers;
        private final String incidents;

        Page(Channel.Statuspage channel, String token) {
            this.channel = channel;
            this.headers = Map.of("Authorization", "OAuth " + token, "Content-Type", "application/json");
            this.incidents = channel.address() + "/pages/" + channel.page() + "/incidents";
        }

        @Override
        public Reply incidents(PublicIncident incident) {
            return inTurn(() -> post.get(URI.create(incidents + "?limit=100"), headers));
        }

        @Override
        public Optional<String> among(JsonNode found, PublicIncident incident) {
            for (JsonNode each : found) {
                if (each.at("/metadata/ripcord/rollback").asText().equals(incident.rollback())) return opened(each);
            }
            return Optional.empty();
        }

        @Override
        public Reply open(PublicIncident incident) {
            Map<String, Object> content = content(incident);
            content.put("name", incident.name());
            content.put("metadata", Map.of("ripcord", Map.of("rollback", incident.rollback())));
            return inTurn(() -> post.call("POST", URI.create(incidents), headers, Map.of("incident", content)));
        }

        @Override
        public Optional<String> opened(JsonNode answer) {
            return Optional.of(answer.path("id").asText()).filter(id -> !id.isEmpty());
        }

        @Override
        public Reply update(String id, PublicIncident incident) {
            return inTurn(() -> post.call(
                    "PATCH", URI.create(incidents + "/" + id), headers, Map.of("incident", content(incident))));
        }

        private Reply inTurn(Supplier<Reply> call) {
            return pace.inTurn(channel.token().toString(), call);
        }

        private Map<String, Object> content(PublicIncident incident) {
            List<String> components = channel.componentsOf(incident.database());
            Map<String, Object> content = new LinkedHashMap<>();
            content.put("status", status(incident.phase()));
            content.put("body", incident.body());
            content.put("component_ids", components);
            content.put(
                    "components",
                    components.stream().collect(Collectors.toMap(id -> id, id -> component(incident.phase()))));
            return content;
        }
    }

    private static String status(PublicIncident.Phase phase) {
        return switch (phase) {
            case running, hanging -> "identified";
            case failed -> "investigating";
            case over -> "resolved";
        };
    }

    private static String component(PublicIncident.Phase phase) {
        return switch (phase) {
            case running, failed -> "partial_outage";
            case hanging -> "major_outage";
            case over -> "operational";
        };
    }
}
