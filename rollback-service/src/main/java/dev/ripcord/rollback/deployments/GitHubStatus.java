package dev.ripcord.rollback.deployments;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.ripcord.events.DeploymentEvent;
import dev.ripcord.events.KafkaBinding;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What GitHub's webhook says with the event {@code deployment_status} (docs.github.com, "Webhook events and payloads"). The
 * service is {@code owner/repository}. The deployment's own {@code payload} may name {@code database} and {@code image}.
 *
 * @param id of the status, which tells it from all others
 * @param event null where the state says neither that a rollout began nor how it ended
 */
record GitHubStatus(long id, Instant at, @Nullable DeploymentEvent event) {

    /** @throws IllegalArgumentException if it is none, with the reason */
    static GitHubStatus read(byte[] body) {
        JsonNode root = json(body);
        JsonNode status = root.path("deployment_status");
        JsonNode deployment = root.path("deployment");
        if (!status.path("id").isIntegralNumber() || !deployment.path("id").isIntegralNumber()) {
            throw new IllegalArgumentException("deployment and deployment_status must be there, each with its id");
        }
        String at = text(status, "updated_at") == null ? text(status, "created_at") : text(status, "updated_at");
        try {
            return new GitHubStatus(
                    status.path("id").asLong(), Instant.parse(String.valueOf(at)), event(root, deployment, status));
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("deployment_status.updated_at is not a time: " + at, e);
        }
    }

    private static @Nullable DeploymentEvent event(JsonNode root, JsonNode deployment, JsonNode status) {
        String service = text(root.path("repository"), "full_name");
        if (service == null) throw new IllegalArgumentException("repository.full_name must be there");
        JsonNode payload = payload(deployment.path("payload"));
        String database = text(payload, "database") == null ? "" : String.valueOf(text(payload, "database"));
        String id = "github/" + service + "/" + deployment.path("id").asText();
        String sha = text(deployment, "sha");
        String ref = text(deployment, "ref");
        String release = ref == null || ref.equals(sha) ? String.valueOf(sha) : ref;
        String by = text(status.path("creator"), "login") == null
                ? text(root.path("sender"), "login")
                : text(status.path("creator"), "login");
        String image = text(payload, "image") == null ? sha : text(payload, "image");
        String environment =
                text(status, "environment") == null ? text(deployment, "environment") : text(status, "environment");
        String state = status.path("state").asText();
        return switch (state) {
            case "queued", "pending", "in_progress" ->
                new DeploymentEvent.Started(database, id, release, by, service, environment, image);
            case "success" -> new DeploymentEvent.Completed(database, id, release, by, service, environment, image);
            case "failure", "error" -> {
                String description = text(status, "description");
                yield new DeploymentEvent.Failed(
                        database,
                        id,
                        release,
                        description == null ? state : description,
                        by,
                        service,
                        environment,
                        image);
            }
            default -> null;
        };
    }

    /** What was said as text when the deployment was made comes as text. */
    private static JsonNode payload(JsonNode payload) {
        if (!payload.isTextual()) return payload;
        try {
            return KafkaBinding.JSON.readTree(payload.asText());
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }

    private static JsonNode json(byte[] body) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
            JsonNode root = KafkaBinding.JSON.readTree(text);
            if (root.isObject()) return root;
            throw new IllegalArgumentException("the body must be a JSON object");
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("the body is not UTF-8", e);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the body is not JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static @Nullable String text(JsonNode node, String field) {
        JsonNode value = node.path(field);
        return value.isValueNode() && !value.asText().isBlank() && !value.isNull() ? value.asText() : null;
    }
}
