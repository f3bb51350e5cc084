package dev.ripcord.events.cdevents;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ripcord.events.Catalogue;
import dev.ripcord.events.UnreadableEventException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A CDEvent (specification 0.3 to 0.5, "CloudEvents Binding for CDEvents") as the event of this suite that says the same.
 *
 * <ul>
 *   <li>{@code dev.cdeventsx.TOOL-migration.started} and its like, of any tool, are commands: {@code subject.id} is the
 *       migration's id or the rollback's, {@code subject.content} has the other fields of our event, {@code database} among
 *       them.
 *   <li>{@code dev.cdevents.service.deployed} and {@code .upgraded} are rollouts that ended well.
 *   <li>What else is said of services, environments and incidents is context.
 * </ul>
 *
 * Which database a standard event is about stands in {@code customData.database}, or follows from service and environment.
 */
public final class CdEvent {

    private static final Pattern CUSTOM =
            Pattern.compile("dev\\.cdeventsx\\.[a-zA-Z0-9]+-((migration|rollback)\\.[a-zA-Z]+)\\.\\d+\\.\\d+\\.\\d+");
    private static final Pattern STANDARD =
            Pattern.compile("dev\\.cdevents\\.((service|environment|incident)\\.[a-z]+)\\.\\d+\\.\\d+\\.\\d+");
    private static final Set<String> COMMANDS = Set.of(
            "migration.started",
            "migration.completed",
            "migration.failed",
            "migration.accepted",
            "rollback.requested",
            "rollback.cancelled");
    private static final Set<String> ROLLOUTS = Set.of("service.deployed", "service.upgraded");
    private static final Set<String> CONTEXT = Set.of(
            "service.removed",
            "service.rolledback",
            "service.published",
            "environment.created",
            "environment.modified",
            "environment.deleted",
            "incident.detected",
            "incident.reported",
            "incident.resolved");

    private CdEvent() {}

    /** The event of ours that a CloudEvents type stands for; empty where it is no CDEvent that means anything here. */
    public static Optional<Catalogue.Entry> meant(String type) {
        Matcher custom = CUSTOM.matcher(type);
        if (custom.matches())
            return Optional.of(custom.group(1)).filter(COMMANDS::contains).flatMap(Catalogue::named);
        Matcher standard = STANDARD.matcher(type);
        if (!standard.matches()) return Optional.empty();
        if (ROLLOUTS.contains(standard.group(1))) return Catalogue.named("deployment.completed");
        return CONTEXT.contains(standard.group(1)) ? Catalogue.named("deployment.noted") : Optional.empty();
    }

    /**
     * The data of the event that is {@linkplain #meant meant}.
     *
     * @param type the CloudEvents type
     * @param event the CDEvent, which is the CloudEvent's data
     * @throws UnreadableEventException if it is half a CDEvent
     */
    public static ObjectNode data(String type, JsonNode event) throws UnreadableEventException {
        String said = event.path("context").path("type").asText();
        if (!said.equals(type)) {
            throw new UnreadableEventException(
                    "not a CDEvent: context.type must be that of the CloudEvent, " + type + ", and is " + said);
        }
        JsonNode subject = event.path("subject");
        String id = text(subject, "id");
        if (id == null) throw new UnreadableEventException("not a CDEvent: it has no subject.id");
        if (!(subject.path("content") instanceof ObjectNode content)) {
            throw new UnreadableEventException("not a CDEvent: subject.content must be an object");
        }
        Matcher custom = CUSTOM.matcher(type);
        return custom.matches() ? command(custom.group(2), id, content) : context(type, event, id, content);
    }

    private static ObjectNode command(String family, String id, ObjectNode content) throws UnreadableEventException {
        String told = text(content, family);
        if (told != null && !told.equals(id)) {
            throw new UnreadableEventException(
                    "it contradicts itself: subject.id is " + id + ", subject.content." + family + " is " + told);
        }
        return content.deepCopy().put(family, id);
    }

    private static ObjectNode context(String type, JsonNode event, String subject, ObjectNode content)
            throws UnreadableEventException {
        String id = text(event.path("context"), "id");
        if (id == null) throw new UnreadableEventException("not a CDEvent: it has no context.id");
        Matcher standard = STANDARD.matcher(type);
        if (!standard.matches()) throw new UnreadableEventException("unknown event type " + type);
        String what = standard.group(1);
        String image = text(content, "artifactId");
        String database = text(event.path("customData"), "database");
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        data.put("database", database == null ? "" : database).put("deployment", id);
        data.put("service", what.startsWith("service") ? subject : text(content.path("service"), "id"));
        data.put("environment", what.startsWith("environment") ? subject : text(content.path("environment"), "id"));
        data.put("image", image);
        if (ROLLOUTS.contains(what)) {
            if (image == null) throw new UnreadableEventException(type + " without subject.content.artifactId");
            return data.put("release", version(image)).put("startedBy", text(event.path("context"), "source"));
        }
        String description = text(content, "description");
        return data.put("what", what).put("detail", description == null ? text(content, "name") : description);
    }

    /** What a package URL says of its version; all of it where it is none. */
    private static String version(String artifact) {
        Matcher version = Pattern.compile("pkg:[^@?#]+@([^?#]+)([?#].*)?").matcher(artifact);
        if (!version.matches()) return artifact;
        try {
            return URLDecoder.decode(version.group(1).replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return version.group(1);
        }
    }

    private static @Nullable String text(JsonNode node, String field) {
        String text = node.path(field).asText("");
        return text.isBlank() ? null : text;
    }
}
