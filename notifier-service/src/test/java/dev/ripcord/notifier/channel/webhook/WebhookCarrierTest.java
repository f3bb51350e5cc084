package dev.ripcord.notifier.channel.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ripcord.databases.Channel;
import dev.ripcord.notifier.Receiver;
import dev.ripcord.notifier.channel.AddressContract;
import dev.ripcord.notifier.channel.Post;
import dev.ripcord.notifier.delivery.Carrier;
import dev.ripcord.notifier.delivery.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WebhookCarrierTest extends AddressContract<Channel.Webhook> {

    @Override
    protected Carrier<Channel.Webhook> carrier(Post post) {
        return new WebhookCarrier(post);
    }

    @Override
    protected Channel.Webhook channel() {
        return new Channel.Webhook("c", secret("url"), secret("key"));
    }

    @BeforeEach
    void share() throws IOException {
        Files.writeString(
                folder.resolve("key"),
                "whsec_" + Base64.getEncoder().encodeToString("a key".getBytes(StandardCharsets.UTF_8)));
    }

    /** As Standard Webhooks has it: a receiver that is not there now may be there again. */
    @Test
    @Override
    protected void not_found_gives_up() {
        answering(422, "text/plain", "no such type");
        assertThat(carry()).isInstanceOf(Outcome.Never.class);
        answering(404, "text/plain", "no_team");
        assertThat(carry()).isEqualTo(new Outcome.Later("answered 404: no_team", Optional.empty()));
        answering(410, "text/plain", "");
        assertThat(carry()).isEqualTo(new Outcome.Never("answered 410"));
    }

    @Test
    void a_key_without_its_prefix_is_refused_for_a_library_would_read_it_in_another_way() throws IOException {
        Files.writeString(folder.resolve("key"), "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        assertThat(carry())
                .isInstanceOfSatisfying(
                        Outcome.Later.class,
                        later -> assertThat(later.reason()).contains("whsec_ and the key in base64"));
        assertThat(receiver.requests()).isEmpty();
    }

    @Test
    void a_receiver_that_has_the_key_can_verify_what_it_got() throws Exception {
        carry();
        Receiver.Request request = requests().getFirst();
        String timestamp = request.headers().get("webhook-timestamp");
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec("a key".getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        byte[] expected = mac.doFinal(("msg_1." + timestamp + "." + request.body()).getBytes(StandardCharsets.UTF_8));
        assertThat(request.headers())
                .containsEntry("webhook-id", "msg_1")
                .containsEntry("webhook-signature", "v1," + Base64.getEncoder().encodeToString(expected));
        assertThat(Long.parseLong(timestamp))
                .isBetween(Instant.now().getEpochSecond() - 60, Instant.now().getEpochSecond());
        assertThat(request.body()).isEqualTo(EVENT);
        assertThat(request.headers().get("content-type")).startsWith("application/cloudevents+json");
    }

    @Test
    void a_signature_equals_the_one_that_openssl_computes() {
        assertThat(Signature.of(
                        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                        "msg_p5jXN8AQM9LWM0D4loKWxJek",
                        "1614265330",
                        "{\"test\": 2432232314}"))
                .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    @Test
    void a_key_that_cannot_be_used_is_not_named() {
        assertThatThrownBy(() -> Signature.of("whsec_not base64!", "m", "1", "{}"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("the channel's signing key cannot be used")
                .hasMessageNotContaining("not base64!");
        assertThatThrownBy(() -> Signature.of("", "m", "1", "{}")).isInstanceOf(IllegalStateException.class);
    }
}
