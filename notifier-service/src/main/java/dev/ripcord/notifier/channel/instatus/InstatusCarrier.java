package dev.ripcord.notifier.channel.instatus;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ripcord.databases.Channel;
import dev.ripcord.notifier.channel.IncidentPage;
import dev.ripcord.notifier.channel.OneIncident;
import dev.ripcord.notifier.channel.Post;
import dev.ripcord.notifier.channel.PublicIncident;
import dev.ripcord.notifier.channel.PublicIncident.Phase;
import dev.ripcord.notifier.channel.Reply;
import dev.ripcord.notifier.delivery.Carrier;
import dev.ripcord.notifier.delivery.Outcome;
import jakarta.inject.Singleton;
import java.net.URI;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A page at Instatus, by <a href="https://instatus.com/help/api/incidents">its API</a>. It takes no data of ours with an
 * incident, so that one is found by its name.
 */
@Singleton
class InstatusCarrier implements Carrier<Channel.Instatus> {

    private final Post post;

    InstatusCarrier(Post post) {
        this.post = post;
    }

    @Override
    public Class<Channel.Instatus> kind() {
        return Channel.Instatus.class;
    }

    @Override
    public List<String> problems(Channel.Instatus channel) {
        return Post.problems(channel.token());
    }

    @Override
    public Outcome carry(Letter letter, Channel.Instatus channel) {
        return Post.with(channel.token(), token -> OneIncident.tell(letter, new Page(channel, token)));
    }

    private final class Page implements IncidentPage {
        private final Channel.Instatus channel;
        private final Map<String, String> headers;
        private final String incidents;

        Page(Channel.Instatus channel, String token) {
            this.channel = channel;
            this.headers = Map.of("Authorization", "Bearer " + token, "Content-Type", "application/json");
            this.incidents = channel.address() + "/v1/" + channel.page() + "/incidents";
        }

        @Override
        public Reply incidents(PublicIncident incident) {
            return post.get(URI.create(incidents + "?page=1&per_page=100"), headers);
        }

        @Override
        public Optional<String> among(JsonNode found, PublicIncident incident) {
            for (JsonNode each : found) {
                if (each.path("name").asText().equals(incident.name())) return opened(each);
            }
            return Optional.empty();
        }

        @Override
        public Reply open(PublicIncident incident) {
            Map<String, Object> content = content(incident);
            content.put("name", incident.name());
            return post.call("POST", URI.create(incidents), headers, content);
        }

        @Override
        public Optional<String> opened(JsonNode answer) {
            return Optional.of(answer.path("id").asText()).filter(id -> !id.isEmpty());
        }

        @Override
        public Reply update(String id, PublicIncident incident) {
            return post.call(
                    "POST", URI.create(incidents + "/" + id + "/incident-updates"), headers, content(incident));
        }

        private Map<String, Object> content(PublicIncident incident) {
            List<String> components = channel.componentsOf(incident.database());
            Map<String, Object> content = new LinkedHashMap<>();
            content.put("message", incident.body());
            content.put("components", components);
            content.put("started", Instant.now().toString());
            content.put("status", status(incident.phase()));
            content.put("notify", true);
            content.put(
                    "statuses",
                    components.stream()
                            .map(id -> Map.of("id", id, "status", component(incident.phase())))
                            .toList());
            return content;
        }
    }

    private static String status(Phase phase) {
        return switch (phase) {
            case running, hanging -> "IDENTIFIED";
            case failed -> "INVESTIGATING";
            case over -> "RESOLVED";
        };
    }

    private static String component(Phase phase) {
        return switch (phase) {
            case running, failed -> "PARTIALOUTAGE";
            case hanging -> "MAJOROUTAGE";
            case over -> "OPERATIONAL";
        };
    }
}
