package dev.ripcord.notifier.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ripcord.databases.Channel;
import dev.ripcord.notifier.delivery.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What every channel does besides whose address is its secret. */
public abstract class AddressContract<C extends Channel> extends ChannelContract<C> {

    @Override
    protected String path() {
        return "/services/T0/B0/secret";
    }

    @Override
    protected String fine() {
        return "ok";
    }

    @Test
    void an_address_that_is_none_is_tried_again_and_stays_secret() throws IOException {
        Files.writeString(folder.resolve("url"), "hooks example secret");
        assertThat(carry()).isEqualTo(new Outcome.Later("the channel's address is not a valid URL", Optional.empty()));
    }
}
