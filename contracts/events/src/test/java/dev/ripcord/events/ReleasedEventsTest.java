package dev.ripcord.events;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a release has written is still on Kafka after an update: each of its golden events must be read as it was. */
class ReleasedEventsTest {

    private static final SchemaRegistry SCHEMAS = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    /** The golden files of all releases; they are never changed. */
    static List<Path> released() throws IOException {
        try (Stream<Path> files = Files.walk(GoldenEvents.FOLDER, 2)) {
            return files.filter(file -> file.toString().endsWith(".json"))
                    .filter(file -> !GoldenEvents.FOLDER.equals(file.getParent()))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("released")
    void an_event_of_a_release_is_read_as_it_was(Path file) throws Exception {
        String type = file.getFileName().toString().replaceAll("\\.json$", "");
        ObjectNode then = (ObjectNode) KafkaBinding.JSON.readTree(file.toFile());
        Catalogue.Entry entry = Catalogue.named(type).orElseThrow();

        Envelope<?> read = GoldenEvents.read(entry, then);

        assertThat(GoldenEvents.written(read)
                        .retain(then.propertyStream()
                                .map(field -> field.getKey())
                                .toList()))
                .isEqualTo(then);
        assertThat(SCHEMAS.getSchema(Files.readString(SchemaOfEvents.file(entry)), InputFormat.JSON)
                        .validate(then.toString(), InputFormat.JSON))
                .isEmpty();
    }
}
