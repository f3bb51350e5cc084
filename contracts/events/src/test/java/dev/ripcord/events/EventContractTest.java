package dev.ripcord.events;

import static dev.ripcord.events.GoldenEvents.golden;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What other teams' programs rely on, event by event. A test here that a change turns red says that the change is not
 * compatible; {@code -Dupdate.schemas} writes the schemas anew.
 */
class EventContractTest {

    private static final SchemaRegistry SCHEMAS = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    private static SchemaOfEvents generated;

    @BeforeAll
    static void readTheRecords() throws IOException {
        generated = new SchemaOfEvents();
        if (System.getProperty("update.schemas") == null) return;
        for (Catalogue.Entry entry : Catalogue.ENTRIES) {
            Files.writeString(SchemaOfEvents.file(entry), generated.text(entry));
        }
    }

    static List<Catalogue.Entry> events() {
        return Catalogue.ENTRIES;
    }

    @Test
    void every_event_has_a_golden_file_and_a_schema_and_there_are_no_others() throws IOException {
        TreeSet<String> files = Catalogue.ENTRIES.stream()
                .map(entry -> entry.type() + ".json")
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(names(GoldenEvents.FOLDER)).isEqualTo(files);
        assertThat(names(SchemaOfEvents.FOLDER)).isEqualTo(files);
    }

    @Test
    void every_record_of_an_event_has_its_line_in_the_catalogue() {
        assertThat(Stream.of(RipcordEvent.class.getPermittedSubclasses())
                        .flatMap(family -> Stream.of(family.getPermittedSubclasses())))
                .containsExactlyInAnyOrderElementsOf(
                        Catalogue.ENTRIES.stream().map(Catalogue.Entry::record).toList());
    }

    @ParameterizedTest
    @MethodSource("events")
    void a_schema_is_what_the_record_says(Catalogue.Entry entry) throws IOException {
        assertThat(SchemaOfEvents.file(entry))
                .as("rewrite with -Dupdate.schemas")
                .hasContent(generated.text(entry));
    }

    @ParameterizedTest
    @MethodSource("events")
    void a_schema_takes_the_golden_event(Catalogue.Entry entry) throws IOException {
        String schema = Files.readString(SchemaOfEvents.file(entry));
        assertThat(SCHEMAS.getSchema(schema, InputFormat.JSON)
                        .validate(golden(entry).toString(), InputFormat.JSON))
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("events")
    void a_golden_event_is_read_and_written_back_as_it_was(Catalogue.Entry entry) throws Exception {
        Envelope<?> read = GoldenEvents.read(entry, golden(entry));
        assertThat(read.event()).isInstanceOf(entry.record());
        assertThat(read.event().database()).isEqualTo("shop");
        assertThat(GoldenEvents.written(read)).isEqualTo(golden(entry));
    }

    @ParameterizedTest
    @MethodSource("events")
    void fields_that_this_version_does_not_know_are_passed_over(Catalogue.Entry entry) throws Exception {
        ObjectNode later = golden(entry);
        for (JsonNode inside : later.findParents("name")) ((ObjectNode) inside).put("ofALaterVersion", "x");
        later.put("ofALaterVersion", 7).putObject("nested").put("deep", true);
        assertThat(GoldenEvents.read(entry, later).event())
                .isEqualTo(GoldenEvents.read(entry, golden(entry)).event());
    }

    @ParameterizedTest
    @MethodSource("events")
    void a_required_field_that_is_missing_or_null_is_named(Catalogue.Entry entry) throws IOException {
        for (String field : GoldenEvents.requiredFields(entry)) {
            ObjectNode without = golden(entry);
            without.remove(field);
            ObjectNode withNull = golden(entry);
            withNull.putNull(field);
            for (ObjectNode data : List.of(without, withNull)) {
                assertThatThrownBy(() -> GoldenEvents.read(entry, data))
                        .isInstanceOf(UnreadableEventException.class)
                        .hasMessage(entry.type() + " without " + field);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("events")
    void a_field_that_may_be_absent_reads_as_null(Catalogue.Entry entry) throws Exception {
        ObjectNode least = golden(entry).retain(GoldenEvents.requiredFields(entry));
        ObjectNode written = GoldenEvents.written(GoldenEvents.read(entry, least));
        assertThat(written.retain(GoldenEvents.requiredFields(entry))).isEqualTo(least);
    }

    private static TreeSet<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }
}
