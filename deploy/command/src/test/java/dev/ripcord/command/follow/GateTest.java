package dev.ripcord.command.follow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ripcord.command.follow.MadeUpService.Reply;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GateTest {

    private static final String GATE = "/gates/shop/V1";
    private static final String WITHDRAWN = GATE + "/withdrawn";
    private static final Reply WAITING = new Reply(202, "{\"gate\": \"waiting\"}");
    private static final Reply TOLD = new Reply(200, "{\"told\": \"migration.failed\", \"snapshot\": \"s\"}");

    private MadeUpService service;

    @BeforeEach
    void start() throws IOException {
        service = new MadeUpService();
    }

    @AfterEach
    void stop() {
        service.close();
    }

    @Test
    void who_is_refused_after_he_has_waited_tells_that_he_waits_no_more() {
        service.answers(GATE, WAITING, new Reply(401, "{}")).answers(WITHDRAWN, TOLD);

        assertThat(closed().next()).isEqualTo("check the token");
        assertThat(service.paths()).containsExactly(GATE, GATE, WITHDRAWN);
    }

    @Test
    void who_is_answered_by_something_else_after_he_has_waited_tells_so_too_and_says_where_nobody_hears_it() {
        service.answers(GATE, WAITING, MadeUpService.PAGE).answers(WITHDRAWN, MadeUpService.PAGE);

        Gate.Outcome.Closed closed = closed();

        assertThat(service.paths()).containsExactly(GATE, GATE, WITHDRAWN);
        assertThat(closed.reason()).contains("no answer of the snapshot service");
        assertThat(closed.next()).contains("ripcord gate shop V1 --failed");
    }

    @Test
    void whose_first_answer_is_a_refusal_leaves_alone_what_another_waits_for() {
        service.answers(GATE, new Reply(403, "{}")).answers(WITHDRAWN, TOLD);

        closed();

        assertThat(service.paths()).containsExactly(GATE);
    }

    @Test
    void a_gate_that_stays_closed_has_nobody_waiting() {
        service.answers(GATE, WAITING, new Reply(409, "{\"reason\": \"no room\", \"next\": \"make some\"}"))
                .answers(WITHDRAWN, TOLD);

        assertThat(closed()).isEqualTo(new Gate.Outcome.Closed("no room", "make some"));
        assertThat(service.paths()).containsExactly(GATE, GATE);
    }

    @Test
    void who_waits_hears_what_the_snapshot_waits_for() {
        Reply full = new Reply(202, "{\"gate\": \"waiting\", \"problem\": \"too many connections\"}");
        service.answers(GATE, WAITING, full, new Reply(409, "{\"reason\": \"full\", \"next\": \"make room\"}"));
        List<String> heard = new ArrayList<>();

        try (ServiceClient client = new ServiceClient(service.address(), "token")) {
            new Gate(client).await("shop", "V1", Duration.ofSeconds(20), heard::add);
        }

        assertThat(heard).containsExactly("the snapshot is waited for: too many connections");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "/ripcord", "/ripcord/"})
    void a_service_may_be_below_a_path(String below) throws IOException {
        String path = below.replaceAll("/$", "");
        service.answers(path + GATE + "/completed", TOLD);

        try (ServiceClient client = new ServiceClient(URI.create(service.address() + below), "token")) {
            assertThat(new Gate(client).tell("shop", "V1", "completed", null).text("told"))
                    .isEqualTo("migration.failed");
        }
    }

    private Gate.Outcome.Closed closed() {
        try (ServiceClient client = new ServiceClient(service.address(), "token")) {
            return (Gate.Outcome.Closed) new Gate(client).await("shop", "V1", Duration.ofSeconds(20));
        }
    }
}
