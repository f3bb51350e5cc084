package dev.ripcord.rollback;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may do what, each with a token that an identity provider has signed. */
@QuarkusTest
@QuarkusTestResource(Shops.class)
class AccessTest {

    private static final List<String> ROLES = List.of("nobody", "viewer", "requester", "approver", "administrator");

    @TestHTTPResource("/")
    URI service;

    @ParameterizedTest(name = "{0} {1} is for {2}s and above")
    @CsvSource({
        "GET,  rollbacks,                  viewer",
        "GET,  rollbacks/none,             viewer",
        "POST, decisions,                  viewer",
        "GET,  audit,                      viewer",
        "GET,  alerts,                     viewer",
        "GET,  deployments,                viewer",
        "POST, events,                     requester",
        "GET,  audit/head,                 viewer",
        "GET,  rollbacks/none/report.md,   viewer",
        "GET,  rollbacks/none/report.html, viewer",
        "POST, rollbacks/none/post-mortem, requester",
        "GET,  audit/export,               viewer",
        "POST, rollbacks,                  requester",
        "POST, rollbacks/none/cancel,      requester",
        "POST, rollbacks/none/undo,        requester",
        "POST, rollbacks/none/approve,     approver",
        "POST, rollbacks/none/reject,      approver",
        "POST, rollbacks/none/reopen,      approver",
        "GET,  migrations/nowhere,         approver",
        "POST, migrations/nowhere/end,     approver",
        "POST, rollbacks/none/break-glass, administrator"
    })
    void each_endpoint_is_for_a_role_and_those_above_it(String method, String path, String least) {
        People people = new People(service);
        Map<String, String> body = method.equals("GET") ? null : Map.of();
        assertThat(people.send(method, path, body, null)).satisfies(answer -> {
            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.reason()).contains("a token is needed");
        });
        for (String role : ROLES) {
            People.Answer answer = people.send(method, path, body, People.token("ann", role));
            if (ROLES.indexOf(role) >= ROLES.indexOf(least)) {
                assertThat(answer.status()).as(role).isNotIn(401, 403, 500);
            } else {
                assertThat(answer.status()).as(role).isEqualTo(403);
                assertThat(answer.reason()).contains("the role " + least);
            }
        }
    }

    @Test
    void a_token_that_is_refused_is_told_why() {
        String token = People.token("ann", "administrator");
        People.Answer answer = new People(service)
                .send("GET", "rollbacks", null, token.substring(0, token.lastIndexOf('.')) + ".AAAA");
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.reason()).contains("your token is not accepted").contains("issuer");
        assertThat(new People(service).send("GET", "rollbacks", null, "guessed").reason())
                .contains("not known here");
    }
}
