package dev.ripcord.notifier.channel.instatus;

import dev.ripcord.databases.Channel;
import dev.ripcord.notifier.channel.Post;
import dev.ripcord.notifier.channel.PublicPageContract;
import dev.ripcord.notifier.delivery.Carrier;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;

class InstatusCarrierTest extends PublicPageContract<Channel.Instatus> {

    @Override
    protected Carrier<Channel.Instatus> carrier(Post post) {
        return new InstatusCarrier(post);
    }

    @Override
    protected Channel.Instatus channel() {
        return new Channel.Instatus("c", secret("key"), InstatusServer.PAGE, null, URI.create(receiver.address()));
    }

    @Override
    protected String path() {
        return "/v1/" + InstatusServer.PAGE + "/incidents";
    }

    @Override
    protected String fine() {
        return "{\"id\":\"inc1\"}";
    }

    @Override
    protected Provider provider() throws IOException {
        return new InstatusServer();
    }

    @Override
    protected Channel.Instatus at(Provider provider) {
        return new Channel.Instatus(
                "c",
                secret("token"),
                InstatusServer.PAGE,
                Map.of("shop", List.of(InstatusServer.COMPONENT)),
                URI.create(provider.receiver().address()));
    }

    @Override
    protected String token() {
        return InstatusServer.KEY;
    }

    @Override
    protected List<String> words() {
        return List.of("INVESTIGATING", "IDENTIFIED", "RESOLVED", "OPERATIONAL", "PARTIALOUTAGE", "MAJOROUTAGE");
    }
}
