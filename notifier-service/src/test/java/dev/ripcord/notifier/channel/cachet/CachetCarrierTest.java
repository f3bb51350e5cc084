package dev.ripcord.notifier.channel.cachet;

import dev.ripcord.databases.Channel;
import dev.ripcord.notifier.channel.Post;
import dev.ripcord.notifier.channel.PublicPageContract;
import dev.ripcord.notifier.delivery.Carrier;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;

class CachetCarrierTest extends PublicPageContract<Channel.Cachet> {

    @Override
    protected Carrier<Channel.Cachet> carrier(Post post) {
        return new CachetCarrier(post);
    }

    @Override
    protected Channel.Cachet channel() {
        return new Channel.Cachet("c", secret("key"), null, URI.create(receiver.address() + "/api"));
    }

    @Override
    protected String path() {
        return "/api/incidents";
    }

    @Override
    protected String fine() {
        return "{\"data\":{\"id\":\"1\"}}";
    }

    @Override
    protected Provider provider() throws IOException {
        return new CachetServer();
    }

    @Override
    protected Channel.Cachet at(Provider provider) {
        return new Channel.Cachet(
                "c",
                secret("token"),
                Map.of("shop", List.of("3")),
                URI.create(provider.receiver().address() + "/api"));
    }

    @Override
    protected String token() {
        return CachetServer.TOKEN;
    }

    @Override
    protected List<String> words() {
        return List.of("1", "2", "4", "1", "3", "4");
    }
}
