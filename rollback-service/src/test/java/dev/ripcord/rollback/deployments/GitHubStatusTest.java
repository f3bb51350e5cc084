package dev.ripcord.rollback.deployments;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ripcord.events.DeploymentEvent;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GitHubStatusTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '~',
            value = {
                "{\"database\": \"shop\", \"image\": \"shop:1.2\"}; shop; shop:1.2",
                "\"{\\\"database\\\": \\\"shop\\\", \\\"image\\\": \\\"shop:1.2\\\"}\"; shop; shop:1.2",
                "\"what a person wrote\"; ~~; abc",
                "\"\"; ~~; abc",
                "null; ~~; abc"
            })
    void the_payload_of_a_deployment_is_an_object_or_a_text_that_holds_one(
            String payload, String database, String image) {
        GitHubStatus status = GitHubStatus.read("""
                {"deployment": {"id": 7, "sha": "abc", "ref": "v1.2", "payload": %s},
                 "deployment_status": {"id": 1, "state": "success", "environment": "live", "updated_at": "2026-11-21T10:00:00Z"},
                 "repository": {"full_name": "acme/shop"}}""".formatted(payload).getBytes(StandardCharsets.UTF_8));

        assertThat(status.event()).isInstanceOfSatisfying(DeploymentEvent.Completed.class, completed -> {
            assertThat(completed.database()).isEqualTo(database);
            assertThat(completed.image()).isEqualTo(image);
        });
    }
}
