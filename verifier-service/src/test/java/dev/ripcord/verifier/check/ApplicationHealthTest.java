package dev.ripcord.verifier.check;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.ripcord.databases.EnrolledDatabase.Checks;
import dev.ripcord.databases.EnrolledDatabase.HttpCheck;
import dev.ripcord.events.VerificationEvent.Finding;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ApplicationHealthTest extends CheckContract {

    private final AtomicInteger asked = new AtomicInteger();
    private ExecutorService threads;
    private HttpServer application;

    ApplicationHealthTest() {
        super(new ApplicationHealth(), false);
    }

    @BeforeEach
    void start() throws IOException {
        threads = Executors.newVirtualThreadPerTaskExecutor();
        application = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        application.setExecutor(threads);
        application.start();
    }

    @AfterEach
    void stop() {
        threads.shutdownNow();
        application.stop(0);
    }

    @Test
    void an_application_that_is_well_passes_at_once() {
        Instant began = Instant.now();
        assertThat(ask(exchange -> exchange.sendResponseHeaders(200, -1), 60)).isEmpty();
        assertThat(Duration.between(began, Instant.now())).isLessThan(Duration.ofSeconds(15));
    }

    @Test
    void an_application_that_comes_back_in_time_passes() {
        assertThat(ask(exchange -> exchange.sendResponseHeaders(asked.incrementAndGet() < 4 ? 503 : 200, -1), 10))
                .isEmpty();
        assertThat(asked).hasValue(4);
    }

    @Test
    void an_answer_that_takes_longer_than_an_attempt_usually_does_counts_where_there_is_time_for_it() {
        assertThat(ask(
                        exchange -> {
                            pause(2500);
                            exchange.sendResponseHeaders(200, -1);
                        },
                        10))
                .isEmpty();
    }

    @Test
    void an_attempt_that_hangs_is_not_the_only_one() {
        assertThat(ask(
                        exchange -> {
                            if (asked.incrementAndGet() == 1) park();
                            exchange.sendResponseHeaders(200, -1);
                        },
                        6))
                .isEmpty();
    }

    @Test
    void an_application_that_answers_with_an_error_is_found() {
        assertThat(ask(exchange -> exchange.sendResponseHeaders(500, -1), 3))
                .containsExactly(new Finding("front " + address(), "status 200 within 3 s", "status 500"));
    }

    @Test
    void a_redirect_is_not_followed() {
        assertThat(ask(
                        exchange -> {
                            exchange.getResponseHeaders().set("Location", "/elsewhere");
                            exchange.sendResponseHeaders(302, -1);
                        },
                        3))
                .containsExactly(new Finding("front " + address(), "status 200 within 3 s", "status 302"));
    }

    @Test
    void an_application_that_never_answers_is_found_in_time() {
        Instant began = Instant.now();
        assertThat(ask(exchange -> park(), 1))
                .singleElement()
                .satisfies(finding -> assertThat(finding.found()).startsWith("no answer within"));
        assertThat(Duration.between(began, Instant.now())).isLessThan(Duration.ofSeconds(15));
    }

    @Test
    void an_application_that_is_not_there_is_found() {
        application.stop(0);
        assertThat(ask(exchange -> park(), 1))
                .singleElement()
                .satisfies(finding -> assertThat(finding.found()).startsWith("no answer: java.net.ConnectException"));
    }

    @Test
    void one_that_is_not_well_among_many_is_found() {
        application.createContext("/good", exchange -> exchange.sendResponseHeaders(204, -1));
        application.createContext("/bad", exchange -> exchange.sendResponseHeaders(404, -1));
        assertThat(findings(new Checks(
                        List.of(
                                new HttpCheck("good", URI.create(base() + "/good"), 204, 1),
                                new HttpCheck("bad", URI.create(base() + "/bad?key=secret"), 204, 1)),
                        null,
                        null)))
                .containsExactly(new Finding("bad " + base() + "/bad", "status 204 within 1 s", "status 404"));
    }

    private List<Finding> ask(HttpHandler handler, int withinSeconds) {
        application.createContext("/health", handler);
        HttpCheck check = new HttpCheck("front", URI.create(address()), 0, withinSeconds);
        return findings(new Checks(List.of(check), null, null));
    }

    private String address() {
        return base() + "/health";
    }

    private String base() {
        return "http://127.0.0.1:" + application.getAddress().getPort();
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void park() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
