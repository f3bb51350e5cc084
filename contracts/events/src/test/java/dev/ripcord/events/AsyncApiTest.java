package dev.ripcord.events;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The AsyncAPI document is what the code says; {@code -Dupdate.schemas} writes it anew. */
class AsyncApiTest {

    private static JsonNode document;

    @BeforeAll
    static void read() throws IOException {
        if (System.getProperty("update.schemas") != null) Files.writeString(AsyncApi.FILE, AsyncApi.text());
        document = KafkaBinding.JSON.readTree(AsyncApi.FILE.toFile());
    }

    @Test
    void it_is_what_the_topics_the_catalogue_and_the_schemas_say() throws IOException {
        assertThat(AsyncApi.FILE).as("rewrite with -Dupdate.schemas").hasContent(AsyncApi.text());
    }

    @Test
    void every_event_is_a_message_of_the_channel_of_its_topic() {
        for (Catalogue.Entry entry : Catalogue.ENTRIES) {
            assertThat(document.get("channels")
                            .valueStream()
                            .filter(channel -> channel.at("/messages").has(entry.type()))
                            .map(channel -> channel.get("address").asText()))
                    .containsExactly(entry.topic().named(Topic.DEFAULT_PREFIX));
        }
        assertThat(document.get("channels")).hasSize(Topic.values().length);
    }

    @Test
    void every_reference_leads_somewhere() {
        for (String reference : document.findValuesAsText("$ref")) {
            if (reference.startsWith("#/")) {
                assertThat(document.at(reference.substring(1)).isObject())
                        .as(reference)
                        .isTrue();
            } else {
                assertThat(Path.of("src/main/resources").resolve(reference)).isRegularFile();
            }
        }
    }

    @Test
    void it_has_what_the_specification_requires() {
        assertThat(document.get("asyncapi").asText()).isEqualTo("3.0.0");
        assertThat(document.at("/info/title").asText()).isNotBlank();
        assertThat(document.at("/info/version").asText()).isNotBlank();
        assertThat(names(document))
                .isSubsetOf("asyncapi", "info", "defaultContentType", "channels", "operations", "components");
        assertThat(document.get("operations")).allSatisfy(operation -> {
            assertThat(operation.get("action").asText()).isIn("send", "receive");
            assertThat(operation.at("/channel/$ref").asText()).startsWith("#/channels/");
        });
        assertThat(names(document.at("/components/messages"))).allMatch(name -> name.matches("[\\w.-]+"));
    }

    @Test
    void a_record_has_the_headers_and_the_key_that_it_promises() throws Exception {
        Catalogue.Entry entry = Catalogue.ENTRIES.get(0);
        Envelope<?> envelope =
                GoldenEvents.read(entry, GoldenEvents.golden(entry)).in(GoldenEvents.TRACE);
        ProducerRecord<String, byte[]> record = new KafkaBinding(Topic.DEFAULT_PREFIX).write(envelope);
        JsonNode headers = document.at("/components/messageTraits/cloudEvent/headers");

        Set<String> written = new TreeSet<>();
        for (Header header : record.headers()) written.add(header.key());

        assertThat(written).isSubsetOf(names(headers.get("properties")));
        assertThat(written)
                .containsAll(headers.get("required")
                        .valueStream()
                        .map(JsonNode::asText)
                        .toList());
        assertThat(new String(record.headers().lastHeader("ce_dataschema").value(), StandardCharsets.UTF_8))
                .isEqualTo(entry.dataschema());
        assertThat(record.key()).isEqualTo("shop");
    }

    private static Set<String> names(JsonNode map) {
        return map.propertyStream().map(field -> field.getKey()).collect(Collectors.toCollection(TreeSet::new));
    }
}
