package dev.ripcord.events;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The AsyncAPI document that follows from the topics, the catalogue and the schemas. */
final class AsyncApi {

    /** Where it is that goes into the jar, beside the folder of the schemas. */
    static final Path FILE = Path.of("src/main/resources/asyncapi.json");

    /** What others tell Ripcord. */
    private static final Set<Topic> HEARD = EnumSet.of(Topic.DEPLOYMENT, Topic.MIGRATION, Topic.ROLLBACK_REQUEST);

    private static final String TRAIT = "cloudEvent";

    private AsyncApi() {}

    /** The document as it is published. */
    static String text() throws IOException {
        ObjectNode document = KafkaBinding.JSON.createObjectNode();
        document.put("asyncapi", "3.0.0");
        document.putObject("info")
                .put("title", "Ripcord")
                .put("version", "1")
                .put(
                        "description",
                        "The events of Ripcord: CloudEvents 1.0 on Kafka, in binary or structured content mode. A topic's"
                                + " name begins with the configured prefix, " + Topic.DEFAULT_PREFIX
                                + " by default. Records that cannot be read are passed on to the topic's dead-letter topic."
                                + " What is told as CDEvents, on the topic .cdevents, is not described here.");
        document.put("defaultContentType", "application/json");
        ObjectNode channels = document.putObject("channels");
        ObjectNode operations = document.putObject("operations");
        for (Topic topic : Topic.values()) {
            channels.set(name(topic), channel(topic));
            operations.set("send-" + name(topic), operation(topic, "send"));
            if (HEARD.contains(topic)) operations.set("receive-" + name(topic), operation(topic, "receive"));
        }
        ObjectNode components = document.putObject("components");
        ObjectNode messages = components.putObject("messages");
        for (Catalogue.Entry entry : Catalogue.ENTRIES) messages.set(entry.type(), message(entry));
        components.putObject("messageTraits").set(TRAIT, trait());
        return document.toPrettyString() + "\n";
    }

    private static String name(Topic topic) {
        return topic.named("").substring(1);
    }

    private static ObjectNode channel(Topic topic) {
        ObjectNode channel = KafkaBinding.JSON.createObjectNode();
        channel.put("address", topic.named(Topic.DEFAULT_PREFIX));
        ObjectNode messages = channel.putObject("messages");
        for (Catalogue.Entry entry : Catalogue.ENTRIES) {
            if (entry.topic() == topic) messages.set(entry.type(), reference("#/components/messages/" + entry.type()));
        }
        channel.put("x-dead-letter", topic.deadLetter(Topic.DEFAULT_PREFIX));
        return channel;
    }

    private static ObjectNode operation(Topic topic, String action) {
        ObjectNode operation = KafkaBinding.JSON.createObjectNode();
        operation.put("action", action);
        operation.set("channel", reference("#/channels/" + name(topic)));
        return operation;
    }

    private static ObjectNode message(Catalogue.Entry entry) throws IOException {
        ObjectNode message = KafkaBinding.JSON.createObjectNode();
        message.put("name", entry.type());
        String summary = KafkaBinding.JSON
                .readTree(Files.readString(SchemaOfEvents.file(entry)))
                .path("description")
                .asText(null);
        if (summary != null) message.put("summary", summary);
        message.set("payload", reference("schemas/" + entry.type() + ".json"));
        message.putArray("traits").add(reference("#/components/messageTraits/" + TRAIT));
        return message;
    }

    /** What all have in common: the attributes as headers of the binary mode, and the key. */
    private static ObjectNode trait() {
        ObjectNode trait = KafkaBinding.JSON.createObjectNode();
        ObjectNode headers = trait.putObject("headers").put("type", "object");
        ObjectNode properties = headers.putObject("properties");
        header(properties, "ce_specversion", null).put("const", "1.0");
        header(properties, "ce_id", "Unique within the source; the pair is what duplicates are recognised by.");
        header(properties, "ce_source", "Who sent it, a URI reference.");
        header(properties, "ce_type", "The message's name.");
        header(properties, "ce_subject", "The database's id, as in the key.");
        header(properties, "ce_time", "When, RFC 3339.").put("format", "date-time");
        header(properties, "ce_dataschema", "The schema's id, urn:ripcord:TYPE:VERSION.");
        header(
                properties,
                "ce_previous",
                "The id of what the same source said before about the same rollback, on whichever topic.");
        header(properties, "ce_traceparent", "W3C trace context of what caused it.");
        header(properties, "traceparent", "The same, for clients that know nothing of CloudEvents.");
        header(properties, "content-type", null);
        headers.putArray("required")
                .add("ce_specversion")
                .add("ce_id")
                .add("ce_source")
                .add("ce_type");
        trait.put("contentType", "application/json");
        trait.putObject("bindings")
                .putObject("kafka")
                .putObject("key")
                .put("type", "string")
                .put("description", "Id of the enrolled database: what concerns one database stays in order.");
        return trait;
    }

    private static ObjectNode header(ObjectNode properties, String name, @Nullable String description) {
        ObjectNode header = properties.putObject(name).put("type", "string");
        if (description != null) header.put("description", description);
        return header;
    }

    private static ObjectNode reference(String to) {
        return KafkaBinding.JSON.createObjectNode().put("$ref", to);
    }
}
