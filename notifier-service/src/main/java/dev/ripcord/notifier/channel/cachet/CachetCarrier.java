package dev.ripcord.notifier.channel.cachet;

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
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A Cachet of version 3, by <a href="https://docs.cachethq.io/api-reference">its API</a>. It takes no data of ours with an
 * incident, so that one is found by the rollback's id in its name; components are set by themselves.
 */
@Singleton
class CachetCarrier implements Carrier<Channel.Cachet> {

    private final Post post;

    CachetCarrier(Post post) {
        this.post = post;
    }

    @Override
    public Class<Channel.Cachet> kind() {
        return Channel.Cachet.class;
    }

    @Override
    public List<String> problems(Channel.Cachet channel) {
        return Post.problems(channel.token());
    }

    @Override
    public Outcome carry(Letter letter, Channel.Cachet channel) {
        return Post.with(channel.token(), token -> OneIncident.tell(letter, new Page(channel, token)));
    }

    private final class Page implements IncidentPage {
        private final Channel.Cachet channel;
        private final Map<String, String> headers;

        Page(Channel.Cachet channel, String token) {
            this.channel = channel;
            this.headers = Map.of(
                    "Authorization",
                    "Bearer " + token,
                    "Content-Type",
                    "application/json",
                    "Accept",
                    "application/json");
        }

        @Override
        public Reply incidents(PublicIncident incident) {
            String name = URLEncoder.encode(incident.rollback(), StandardCharsets.UTF_8);
            return post.get(at("/incidents?per_page=50&filter%5Bname%5D=" + name), headers);
        }

        @Override
        public Optional<String> among(JsonNode found, PublicIncident incident) {
            for (JsonNode each : found.path("data")) {
                String name = each.at("/attributes/name").asText();
                if (name.equals(incident.name())) return id(each);
            }
            return Optional.empty();
        }

        @Override
        public Reply open(PublicIncident incident) {
            return post.call(
                    "POST",
                    at("/incidents"),
                    headers,
                    Map.of(
                            "name", incident.name(),
                            "status", status(incident.phase()),
                            "message", incident.body(),
                            "visible", true,
                            "notifications", true));
        }

        @Override
        public Optional<String> opened(JsonNode answer) {
            return id(answer.path("data"));
        }

        @Override
        public Reply update(String id, PublicIncident incident) {
            return post.call(
                    "POST",
                    at("/incidents/" + id + "/updates"),
                    headers,
                    Map.of("status", status(incident.phase()), "message", incident.body()));
        }

        @Override
        public Optional<Reply> setComponents(PublicIncident incident) {
            Optional<Reply> last = Optional.empty();
            for (String id : channel.componentsOf(incident.database())) {
                last = Optional.of(post.call(
                        "PUT", at("/components/" + id), headers, Map.of("status", component(incident.phase()))));
                if (!(last.get() instanceof Reply.Ok)) return last;
            }
            return last;
        }

        private URI at(String path) {
            return URI.create(channel.address() + path);
        }

        private static Optional<String> id(JsonNode data) {
            return Optional.of(data.path("id").asText()).filter(id -> !id.isEmpty());
        }
    }

    /** Investigating, identified, watching, fixed: 1 to 4. */
    private static int status(Phase phase) {
        return switch (phase) {
            case failed -> 1;
            case running, hanging -> 2;
            case over -> 4;
        };
    }

    /** Operational, performance issues, partial outage, major outage: 1 to 4. */
    private static int component(Phase phase) {
        return switch (phase) {
            case over -> 1;
            case running, failed -> 3;
            case hanging -> 4;
        };
    }
}
