package dev.ripcord.notifier.channel.statuspage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ripcord.databases.Channel;
import dev.ripcord.notifier.channel.Letters;
import dev.ripcord.notifier.channel.Pace;
import dev.ripcord.notifier.channel.Post;
import dev.ripcord.notifier.channel.PublicPageContract;
import dev.ripcord.notifier.delivery.Carrier;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StatuspageCarrierTest extends PublicPageContract<Channel.Statuspage> {

    private static final Map<String, List<String>> COMPONENTS = Map.of("shop", List.of(StatuspageServer.COMPONENT));

    @Override
    protected Carrier<Channel.Statuspage> carrier(Post post) {
        return new StatuspageCarrier(post, new Pace(StatuspageCarrier.APART));
    }

    @Override
    protected Channel.Statuspage channel() {
        return new Channel.Statuspage(
                "c", secret("key"), StatuspageServer.PAGE, null, URI.create(receiver.address() + "/v1"));
    }

    @Override
    protected String path() {
        return "/v1/pages/" + StatuspageServer.PAGE + "/incidents";
    }

    @Override
    protected String fine() {
        return "{\"id\":\"inc1\"}";
    }

    @Override
    protected StatuspageServer provider() throws IOException {
        return new StatuspageServer();
    }

    @Override
    protected Channel.Statuspage at(Provider provider) {
        return new Channel.Statuspage(
                "c",
                secret("token"),
                StatuspageServer.PAGE,
                COMPONENTS,
                URI.create(provider.receiver().address() + "/v1"));
    }

    @Override
    protected String token() {
        return StatuspageServer.KEY;
    }

    @Override
    protected List<String> words() {
        return List.of("investigating", "identified", "resolved", "operational", "partial_outage", "major_outage");
    }

    @Test
    void the_rollback_is_in_the_metadata() throws IOException {
        try (StatuspageServer server = provider()) {
            carrier(new Post(Duration.ofSeconds(5))).carry(new Letters().about(STARTED), at(server));
            assertThat(server.receiver().requests().getFirst().body())
                    .contains("\"metadata\":{\"ripcord\":{\"rollback\":\"r1\"}}");
        }
    }
}
