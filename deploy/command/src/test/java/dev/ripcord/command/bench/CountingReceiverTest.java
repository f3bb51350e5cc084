package dev.ripcord.command.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CountingReceiverTest {

    @Test
    void the_time_of_telling_goes_from_the_first_event_to_the_last_that_was_not_told_before() throws Exception {
        AtomicLong clock = new AtomicLong();
        try (CountingReceiver receiver = new CountingReceiver(clock::get);
                HttpClient client = HttpClient.newHttpClient()) {
            clock.set(5_000_000_000L);
            tell(client, receiver, "a");
            clock.set(8_000_000_000L);
            tell(client, receiver, "b");
            clock.set(9_000_000_000L);
            tell(client, receiver, "a");

            assertThat(receiver.secondsOfTelling()).isEqualTo(3);
            assertThat(receiver.told()).isEqualTo(2);
            assertThat(receiver.twice()).isOne();
        }
    }

    private static void tell(HttpClient client, CountingReceiver receiver, String id)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(receiver.address() + "/hook/shop"))
                .POST(BodyPublishers.ofString("{\"id\": \"" + id + "\"}"))
                .build();
        assertThat(client.send(request, BodyHandlers.discarding()).statusCode()).isEqualTo(200);
    }
}
