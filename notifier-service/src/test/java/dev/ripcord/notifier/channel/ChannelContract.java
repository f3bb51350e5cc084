package dev.ripcord.notifier.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ripcord.databases.Channel;
import dev.ripcord.databases.Secret;
import dev.ripcord.events.TableLoss;
import dev.ripcord.notifier.Receiver;
import dev.ripcord.notifier.delivery.Carrier;
import dev.ripcord.notifier.delivery.Notes;
import dev.ripcord.notifier.delivery.Outcome;
import dev.ripcord.notifier.message.Message;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every channel that calls over HTTP does, whatever the other side answers. */
public abstract class ChannelContract<C extends Channel> {

    protected static final Message MESSAGE = new Message(
            "rollback.failed",
            "shop",
            "r1",
            Message.Tone.alarm,
            Message.Weight.outcome,
            "Rollback of shop failed",
            List.of(new Message.Fact("Reason", "no room left")),
            "ripcord rollback shop");

    protected static final String EVENT = "{\"specversion\":\"1.0\",\"type\":\"rollback.failed\",\"data\":{}}";

    @TempDir
    protected Path folder;

    protected Receiver receiver;

    private final Map<String, String> kept = new ConcurrentHashMap<>();

    /** The carrier under test. */
    protected abstract Carrier<C> carrier(Post post);

    /** A channel at the receiver's address, with its secrets in the folder. */
    protected abstract C channel();

    /** Where its first call goes. */
    protected abstract String path();

    /** What the provider says when all is well. */
    protected abstract String fine();

    @BeforeEach
    void listen() throws IOException {
        receiver = new Receiver();
        Files.writeString(folder.resolve("key"), "a key");
        Files.writeString(folder.resolve("url"), receiver.address() + path());
        answering(200, "application/json", fine());
    }

    @AfterEach
    void hangUp() {
        receiver.close();
    }

    protected Secret secret(String name) {
        return new Secret(null, folder.resolve(name));
    }

    /** One attempt with one message, by a carrier that was just started. */
    protected Outcome carry() {
        return carry(Duration.ofSeconds(20));
    }

    private Outcome carry(Duration limit) {
        Carrier<C> carrier = carrier(new Post(limit));
        return carrier.carry(new Carrier.Letter("msg_1", MESSAGE, EVENT, new Notes(kept, kept::put)), channel());
    }

    protected List<Receiver.Request> requests() {
        return receiver.requests(path());
    }

    protected void answering(Receiver.Answer answer) {
        receiver.answering(path(), answer);
    }

    protected void answering(int status, String type, String body) {
        answering((exchange, n) -> Receiver.answer(exchange, status, type, body));
    }

    @Test
    void ok_means_taken() {
        assertThat(carry()).isEqualTo(new Outcome.Accepted());
        assertThat(requests()).hasSize(1);
    }

    @Test
    void a_server_error_is_tried_again_and_then_taken() {
        answering(
                (exchange, n) -> Receiver.answer(exchange, n == 1 ? 500 : 200, "text/plain", n == 1 ? "oops" : fine()));
        assertThat(carry()).isEqualTo(new Outcome.Later("answered 500: oops", Optional.empty()));
        assertThat(carry()).isEqualTo(new Outcome.Accepted());
    }

    @Test
    void too_many_requests_is_left_alone_as_long_as_it_asks() {
        answering((exchange, n) -> {
            exchange.getResponseHeaders().set("Retry-After", "7");
            Receiver.answer(exchange, 429, "text/plain", "");
        });
        assertThat(carry()).isEqualTo(new Outcome.Later("answered 429", Optional.of(Duration.ofSeconds(7))));
    }

    @Test
    void unavailable_until_a_date_is_left_alone_until_then_but_no_longer_than_an_hour() {
        String tomorrow = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                Instant.now().plus(Duration.ofDays(1)).atOffset(ZoneOffset.UTC));
        answering((exchange, n) -> {
            exchange.getResponseHeaders().set("Retry-After", n == 1 ? tomorrow : "soon");
            Receiver.answer(exchange, 503, "text/plain", "");
        });
        assertThat(carry()).isEqualTo(new Outcome.Later("answered 503", Optional.of(Duration.ofHours(1))));
        assertThat(carry()).isEqualTo(new Outcome.Later("answered 503", Optional.empty()));
    }

    @Test
    void no_answer_ends_at_the_limit() {
        answering((exchange, n) -> park());
        Instant began = Instant.now();
        assertThat(carry(Duration.ofMillis(500)))
                .isEqualTo(new Outcome.Later("no answer within 500 ms", Optional.empty()));
        assertThat(Duration.between(began, Instant.now())).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void an_answer_that_does_not_end_is_cut_off() {
        answering((exchange, n) -> {
            exchange.sendResponseHeaders(500, 0);
            byte[] much = "x".repeat(1 << 16).getBytes(java.nio.charset.StandardCharsets.UTF_8);
            while (!Thread.currentThread().isInterrupted())
                exchange.getResponseBody().write(much);
        });
        assertThat(carry())
                .isInstanceOfSatisfying(
                        Outcome.Later.class,
                        later -> assertThat(later.reason())
                                .startsWith("answered 500: xxx")
                                .hasSizeLessThan(200));
    }

    @Test
    protected void not_found_gives_up() {
        answering(404, "text/plain", "no_team");
        assertThat(carry()).isEqualTo(new Outcome.Never("answered 404: no_team"));
    }

    @Test
    void a_page_of_a_proxy_in_between_is_tried_again() {
        answering(502, "text/html", "<html>\n<body>Bad gateway</body></html>");
        assertThat(carry())
                .isEqualTo(new Outcome.Later("answered 502: <html> <body>Bad gateway</body></html>", Optional.empty()));
    }

    @Test
    void a_redirect_is_not_followed() {
        answering((exchange, n) -> {
            exchange.getResponseHeaders().set("Location", receiver.address() + "/elsewhere");
            Receiver.answer(exchange, 307, "text/plain", "");
        });
        assertThat(carry()).isEqualTo(new Outcome.Later("answered 307", Optional.empty()));
        assertThat(receiver.requests("/elsewhere")).isEmpty();
    }

    @Test
    void nobody_there_is_tried_again_and_the_address_stays_secret() {
        receiver.close();
        assertThat(carry()).isEqualTo(new Outcome.Later("no answer: ConnectException", Optional.empty()));
    }

    @Test
    void a_secret_that_is_not_there_is_asked_for_again() throws IOException {
        Files.delete(folder.resolve("url"));
        Files.delete(folder.resolve("key"));
        assertThat(carry())
                .isInstanceOfSatisfying(
                        Outcome.Later.class, later -> assertThat(later.reason()).contains("cannot be read"));
        assertThat(receiver.requests()).isEmpty();
    }

    /** A loss that no message may exceed a channel's limits with. */
    protected static List<TableLoss> muchLoss() {
        return java.util.stream.IntStream.range(0, 300)
                .mapToObj(i -> new TableLoss("public.a_table_with_a_rather_long_name_" + i, i, i, i, true))
                .toList();
    }

    private static void park() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
