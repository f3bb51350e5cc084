package dev.ripcord.notifier.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ripcord.notifier.Infrastructure;
import dev.ripcord.notifier.Said;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(Infrastructure.class)
class UnusableChannelsTest {

    private static final String KEY = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    @Inject
    UnusableChannels channels;

    @Inject
    MeterRegistry metrics;

    private final Path folder = ConfigProvider.getConfig().getValue("test.folder", Path.class);
    private final Path held = folder.resolve("held");
    private final Path key = folder.resolve("held-key");

    @AfterEach
    void mend() throws IOException {
        Files.writeString(held, "https://hooks.example/held");
        Files.writeString(key, KEY);
    }

    @Test
    void a_channel_that_nothing_can_be_told_is_named_before_it_is_needed_and_again_when_it_can() throws IOException {
        Files.writeString(held, "https://hooks.example/held");
        Files.writeString(key, KEY);
        channels.look();
        double others = unusable();
        try (Said said = new Said("dev.ripcord.notifier.intake.UnusableChannels")) {
            for (String address : List.of("hooks example s3cret", "https://my_hooks/s3cret", "s3cret")) {
                Files.writeString(held, address);
                channels.look();
                channels.look();
                assertThat(unusable()).isEqualTo(others + 1);
            }
            assertThat(said.lines())
                    .singleElement()
                    .asString()
                    .startsWith(
                            "ERROR Channel held (webhook) can be told nothing: its address is not a URL that can be called")
                    .doesNotContain("s3cret");
            Files.delete(held);
            Files.writeString(key, "s3cret of nobody");
            channels.look();
            assertThat(said.lines().getLast())
                    .contains("Secret file " + held + " cannot be read", "it is whsec_ and the key in base64")
                    .doesNotContain("s3cret");
            mend();
            channels.look();
            assertThat(said.lines().getLast()).isEqualTo("INFO Channel held can be used again");
            assertThat(unusable()).isEqualTo(others);
        }
    }

    private double unusable() {
        return metrics.get("ripcord.notification.channels.unusable").gauge().value();
    }
}
