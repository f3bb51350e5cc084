package dev.ripcord.rollback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.ripcord.embedded.EmbeddedInfrastructure;
import dev.ripcord.events.KafkaBinding;
import dev.ripcord.events.MigrationEvent;
import dev.ripcord.events.RollbackOutcomeEvent.Refused;
import dev.ripcord.events.RollbackRequestEvent.Approved;
import dev.ripcord.events.RollbackRequestEvent.Requested;
import dev.ripcord.events.Topic;
import dev.ripcord.events.Way;
import dev.ripcord.rollback.migrations.KnownMigrations;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What nobody should send is refused with what was expected and what to do; the protected server is as it was. */
@QuarkusTest
@QuarkusTestResource(Shops.class)
class BadInputTest {

    // a body that is too large is answered with a header that HTTP/2 does not have
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final String DATABASE = "hostile";

    /** Texts that mean something to a shell, to SQL, to a connection string, to a terminal or to a log. */
    private static final List<String> HOSTILE = List.of(
            "x'; drop table task; --",
            "a\"b'c`d$(id)",
            "host=elsewhere",
            "postgresql://user:secret@elsewhere/db?sslmode=disable",
            "n".repeat(64),
            "ünïcode 数据库 🐘",
            "../../etc/passwd",
            "%s %n {}",
            "null");

    /** Those that no id may hold. */
    private static final List<String> UNSEEN =
            List.of("a\nb", "a\r\nSet-Cookie: x", "a\u0000b", "a\u202Eb", "a\u200Bb", " ", "n".repeat(201));

    private static Suite suite;

    @TestHTTPResource("/")
    URI service;

    @Inject
    KnownMigrations migrations;

    private String before = "";

    @BeforeAll
    static void open() {
        suite = new Suite();
    }

    @AfterAll
    static void close() throws InterruptedException {
        suite.close();
    }

    @BeforeEach
    void look() throws SQLException {
        before = catalogue();
    }

    @AfterEach
    void nothing_is_changed_on_the_server() throws SQLException {
        assertThat(catalogue()).isEqualTo(before);
    }

    @Test
    void a_database_that_is_not_enrolled_is_not_found_whatever_its_name() throws Exception {
        for (String name : HOSTILE)
            refused(404, post("rollbacks", Map.of("database", name, "reason", "x")), "enrolled");
        for (String name : UNSEEN) refused(404, post("rollbacks", Map.of("database", name, "reason", "x")), "enrolled");
    }

    @Test
    void an_id_that_cannot_be_shown_is_refused_with_what_an_id_is() throws Exception {
        for (String id : UNSEEN) {
            refused(400, post("rollbacks", Map.of("database", DATABASE, "reason", "x", "rollback", id)), "1 to 200");
        }
    }

    @Test
    void hostile_names_of_everything_are_only_names_and_end_as_a_refusal() throws Exception {
        List<String> asked = new ArrayList<>();
        for (String name : HOSTILE) {
            for (String field : List.of("rollback", "migration", "snapshot")) {
                Map<String, String> body = new java.util.HashMap<>(Map.of("database", DATABASE, "reason", name));
                body.put(field, field.equals("rollback") ? UUID.randomUUID() + name : name);
                body.putIfAbsent("rollback", UUID.randomUUID().toString());
                HttpResponse<String> answer = post("rollbacks", body);
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
                asked.add(body.get("rollback"));
            }
        }
        for (String rollback : asked) {
            Refused refused =
                    suite.hears(Refused.class, event -> event.rollback().equals(rollback));
            assertThat(refused.reason()).isNotBlank();
            assertThat(refused.next()).isNotBlank();
        }
    }

    @Test
    void a_field_that_nobody_knows_is_refused_and_not_passed_over() throws Exception {
        HttpResponse<String> answer = post("rollbacks", Map.of("database", DATABASE, "reason", "x", "dryRun", true));
        refused(400, answer, "unknown field dryRun");
        assertThat(answer.body()).contains("migration").contains("way");
        refused(
                400,
                post("rollbacks", Map.of("database", DATABASE, "reason", "x", "way", Map.of("dryrun", true))),
                "unknown field way.dryrun");
    }

    @Test
    void a_text_that_cannot_be_kept_is_refused_in_words() throws Exception {
        String why = "a character that PostgreSQL does not keep";
        refused(400, post("rollbacks", Map.of("database", DATABASE, "reason", "a\u0000b")), why);
        refused(400, post("rollbacks", Map.of("database", DATABASE, "reason", "x", "migration", "a\u0000b")), why);
        refused(400, send("rollbacks", "{\"database\": \"hostile\", \"reason\": \"\\ud800\"}"), why);
    }

    @Test
    void a_version_or_a_table_that_never_was_changes_nothing() throws Exception {
        for (Map<String, Object> way : List.<Map<String, Object>>of(
                Map.of("method", "down", "toVersion", "never applied"),
                Map.of("method", "partial", "tables", List.of("public.nowhere; drop table orders")),
                Map.of("method", "sql", "statements", "drop table orders"))) {
            String rollback = UUID.randomUUID().toString();
            HttpResponse<String> answer =
                    post("rollbacks", Map.of("database", DATABASE, "reason", "x", "rollback", rollback, "way", way));
            if (answer.statusCode() == 400) continue;
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
            assertThat(suite.hears(Refused.class, event -> event.rollback().equals(rollback))
                            .next())
                    .isNotBlank();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"database\": \"hostile\", \"reason\": \"x\", \"way\": {\"method\": \"drop everything\"}}",
                "{\"database\": \"hostile\", \"reason\": [\"x\"]}",
                "{\"database\": \"hostile\", \"reason\": \"x\", \"signals\": [\"boredom\"]}",
                "[]",
                "not json",
                "{\"database\": \"hostile\", \"reason\": \"x\""
            })
    void a_body_that_is_something_else_is_refused(String body) throws Exception {
        assertThat(send("rollbacks", body).statusCode()).isEqualTo(400);
    }

    @Test
    void a_body_that_is_too_deep_or_too_large_is_refused() throws Exception {
        String deep = "{\"database\": \"hostile\", \"reason\": \"x\", \"way\": " + "{\"a\":".repeat(5000) + "1"
                + "}".repeat(5000) + "}";
        assertThat(send("rollbacks", deep).statusCode()).isEqualTo(400);
        String large = "{\"database\": \"hostile\", \"reason\": \"" + "x".repeat(2_000_000) + "\"}";
        assertThat(send("rollbacks", large).statusCode()).isEqualTo(413);
    }

    @Test
    void an_approval_of_what_is_not_there_or_of_another_plan_is_refused() throws Exception {
        for (String id : HOSTILE) {
            String path =
                    "rollbacks/" + java.net.URLEncoder.encode(id, java.nio.charset.StandardCharsets.UTF_8) + "/approve";
            assertThat(post(path, Map.of("planHash", id, "word", id)).statusCode())
                    .isIn(400, 404);
        }
    }

    @Test
    void on_kafka_what_cannot_be_accepted_goes_to_the_dead_letters_and_the_next_is_taken() throws Exception {
        long dead = dead();
        for (String id : UNSEEN) suite.publish(requested(id, "x"));
        suite.publish(requested(UUID.randomUUID().toString(), "a\u0000b"));
        suite.publish(new Approved(DATABASE, "nothing like this", "no hash", "no word", "nobody"));
        String last = UUID.randomUUID().toString();
        suite.publish(requested(last, "the last"));

        assertThat(suite.hears(Refused.class, event -> event.rollback().equals(last))
                        .next())
                .isNotBlank();
        await().atMost(Duration.ofSeconds(20)).until(() -> dead() >= dead + UNSEEN.size() + 1);
    }

    @Test
    void on_kafka_a_request_for_what_is_not_enrolled_is_refused_by_name() {
        for (String name : HOSTILE) {
            String rollback = UUID.randomUUID().toString();
            suite.publish(new Requested(name, rollback, null, null, null, "x", "somebody", (Way) null));
            assertThat(suite.hears(Refused.class, event -> event.rollback().equals(rollback))
                            .reason())
                    .contains("not enrolled");
        }
    }

    @Test
    void a_migration_whose_id_nobody_can_tell_the_end_of_keeps_no_rollback_back() {
        for (String id : UNSEEN) {
            if (id.indexOf('\u0000') < 0) suite.publish(new MigrationEvent.Started(DATABASE, id, null));
        }
        String named = "named-" + UUID.randomUUID();
        suite.publish(new MigrationEvent.Started(DATABASE, named, null));
        await().atMost(Duration.ofSeconds(20))
                .until(() -> migrations.running(DATABASE).isPresent());
        suite.publish(new MigrationEvent.Completed(DATABASE, named));
        await().atMost(Duration.ofSeconds(20))
                .until(() -> migrations.running(DATABASE).isEmpty());
    }

    private static Requested requested(String rollback, String reason) {
        return new Requested(DATABASE, rollback, null, null, null, reason, "somebody", (Way) null);
    }

    private HttpResponse<String> post(String path, Map<String, ?> body) throws IOException, InterruptedException {
        return send(path, KafkaBinding.JSON.writeValueAsString(body));
    }

    private HttpResponse<String> send(String path, String body) throws IOException, InterruptedException {
        return HTTP.send(
                HttpRequest.newBuilder(service.resolve(path))
                        .timeout(Duration.ofSeconds(20))
                        .header("Content-Type", "application/json")
                        .header("Authorization", "Bearer " + Shops.TOKEN)
                        // what is refused for its size is refused before it is sent
                        .expectContinue(body.length() > 1_000_000)
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static void refused(int status, HttpResponse<String> answer, String expected)
            throws JsonProcessingException {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        JsonNode body = KafkaBinding.JSON.readTree(answer.body());
        assertThat(body.path("reason").asText()).contains(expected);
        assertThat(body.path("next").asText()).isNotBlank();
    }

    /** How many records the service has put aside. */
    private static long dead() throws SQLException {
        return Long.parseLong(ask(
                EmbeddedInfrastructure.STATE_DATABASE,
                "select count(*) from rollback.inbox where source = 'dead-letter' and id like '%"
                        + Topic.ROLLBACK_REQUEST.named(Topic.DEFAULT_PREFIX) + "/%'"));
    }

    private static String catalogue() throws SQLException {
        return ask(
                "postgres",
                "select string_agg(d::text, E'\\n' order by oid) from pg_database d where starts_with(datname, '"
                        + DATABASE + "')");
    }

    private static String ask(String database, String query) throws SQLException {
        try (Connection connection = Shops.connect(database);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            return row.next() ? String.valueOf(row.getString(1)) : "none";
        }
    }
}
