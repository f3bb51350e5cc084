package dev.ripcord.events;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.victools.jsonschema.generator.FieldScope;
import com.github.victools.jsonschema.generator.Option;
import com.github.victools.jsonschema.generator.OptionPreset;
import com.github.victools.jsonschema.generator.SchemaGenerator;
import com.github.victools.jsonschema.generator.SchemaGeneratorConfigBuilder;
import com.github.victools.jsonschema.generator.SchemaVersion;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The JSON Schema that follows from an event's record and its description. */
final class SchemaOfEvents {

    /** Where the schemas are that go into the jar. */
    static final Path FOLDER = Path.of("src/main/resources/schemas");

    private final Javadoc javadoc;
    private final SchemaGenerator generator;

    SchemaOfEvents() throws IOException {
        javadoc = Javadoc.ofTheEvents();
        SchemaGeneratorConfigBuilder config = new SchemaGeneratorConfigBuilder(
                        KafkaBinding.JSON, SchemaVersion.DRAFT_2020_12, OptionPreset.PLAIN_JSON)
                .with(Option.MAP_VALUES_AS_ADDITIONAL_PROPERTIES);
        config.forTypesInGeneral()
                .withPropertySorter((one, other) -> 0)
                .withDescriptionResolver(
                        scope -> javadoc.of(scope.getType().getErasedType()).orElse(null));
        config.forFields()
                .withRequiredCheck(field -> !nullable(field))
                .withNullableCheck(SchemaOfEvents::nullable)
                .withDescriptionResolver(this::description);
        generator = new SchemaGenerator(config.build());
    }

    static Path file(Catalogue.Entry entry) {
        return FOLDER.resolve(entry.type() + ".json");
    }

    /** The schema as it is published. */
    String text(Catalogue.Entry entry) {
        return schema(entry).toPrettyString() + "\n";
    }

    private ObjectNode schema(Catalogue.Entry entry) {
        ObjectNode generated = generator.generateSchema(entry.record());
        ObjectNode schema = KafkaBinding.JSON.createObjectNode();
        schema.set("$schema", generated.remove("$schema"));
        schema.put("$id", entry.dataschema());
        schema.put("title", entry.type());
        JsonNode description = generated.remove("description");
        if (description != null) schema.set("description", description);
        schema.setAll(generated);
        return schema;
    }

    private @Nullable String description(FieldScope field) {
        if (field.isFakeContainerItemScope()) return null;
        return javadoc.of(field.getMember().getDeclaringType().getErasedType(), field.getName())
                .orElse(null);
    }

    private static boolean nullable(FieldScope field) {
        return field.getRawMember().getAnnotatedType().isAnnotationPresent(Nullable.class);
    }
}
