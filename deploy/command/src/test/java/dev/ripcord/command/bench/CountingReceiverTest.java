package dev.ripcord.command.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;

class CountingReceiverTest {

    @Test
    void the_time_of_telling_goes_from_the_first_event_to_the_last_that_was_not_told_before() throws Exception {
        try (CountingReceiver receiver = new CountingReceiver();
                HttpClient client = HttpClient.newHttpClient()) {
            Thread.sleep(500);
            tell(client, receiver, "a");
            Thread.sleep(300);
            tell(client, receiver, "b");
            double told = receiver.secondsOfTelling();
            Thread.sleep(100);
            tell(client, receiver, "a");

            assertThat(told).isGreaterThanOrEqualTo(0.29);
            assertThat(receiver.secondsOfTelling()).isEqualTo(told);
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
