package dev.ripcord.databases;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The enrolled databases and the channels that hear of them: the content of {@code databases.yaml}. What is not in it is
 * refused.
 */
public record Databases(List<EnrolledDatabase> databases, List<Channel> channels) {

    public Databases(List<EnrolledDatabase> databases, @Nullable List<Channel> channels) {
        this.databases = List.copyOf(databases);
        this.channels = channels == null ? List.of() : List.copyOf(channels);
    }

    /** The database with this id, if it is enrolled. */
    public Optional<EnrolledDatabase> find(String id) {
        return databases.stream().filter(database -> database.id().equals(id)).findFirst();
    }

    /** The channel with this id, if there is one. */
    public Optional<Channel> channel(String id) {
        return channels.stream().filter(channel -> channel.id().equals(id)).findFirst();
    }

    /**
     * Reads and validates the file.
     *
     * @throws InvalidDatabasesException naming file, line and field of everything that is wrong
     */
    public static Databases read(Path file) {
        String text;
        try {
            text = Files.readString(file);
        } catch (IOException e) {
            throw new InvalidDatabasesException(List.of(
                    file + ": cannot be read (" + e + "); set ripcord.databases to the path of databases.yaml"));
        }
        YamlLines lines;
        Databases read;
        try {
            lines = YamlLines.of(file, text);
            JsonNode tree = YAML.readTree(text);
            List<String> problems = schemaProblems(lines, tree.toString());
            if (!problems.isEmpty()) throw new InvalidDatabasesException(problems);
            read = YAML.treeToValue(tree, Databases.class);
        } catch (JsonProcessingException e) {
            throw new InvalidDatabasesException(List.of(file + ": " + e.getMessage()));
        }
        List<String> problems = read.problems(lines);
        if (!problems.isEmpty()) throw new InvalidDatabasesException(problems);
        return read;
    }

    private static final ObjectMapper YAML = YAMLMapper.builder().build();

    private static List<String> schemaProblems(YamlLines lines, String json) {
        return schema().validate(json, InputFormat.JSON).stream()
                .map(error -> lines.problem(error.getInstanceLocation().toString(), error.getMessage()))
                .distinct()
                .toList();
    }

    private static Schema schema() {
        try (InputStream resource = Databases.class.getResourceAsStream("databases.schema.json")) {
            if (resource == null) throw new IllegalStateException("databases.schema.json is missing from the jar");
            String text = new String(resource.readAllBytes(), StandardCharsets.UTF_8);
            return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(text, InputFormat.JSON);
        } catch (IOException e) {
            throw new IllegalStateException("databases.schema.json cannot be read", e);
        }
    }

    private List<String> problems(YamlLines lines) {
        List<String> problems = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        Set<String> places = new HashSet<>();
        for (int i = 0; i < databases.size(); i++) {
            EnrolledDatabase database = databases.get(i);
            String at = "/databases/" + i;
            if (!ids.add(database.id())) {
                problems.add(lines.problem(at + "/id", database.id() + " is there twice"));
            }
            EnrolledDatabase.Server server = database.server();
            if (!places.add(server.host() + ":" + server.port() + "/" + server.database())) {
                problems.add(lines.problem(at + "/server/database", "this database is enrolled twice"));
            }
            if (server.database().equals(server.adminDatabase())) {
                problems.add(lines.problem(
                        at + "/server/adminDatabase", "the admin database cannot be one that is swapped itself"));
            }
            if (database.environment() == EnrolledDatabase.Environment.production
                    && database.approval() == EnrolledDatabase.Approval.automatic) {
                problems.add(lines.problem(at + "/rollback/approval", "production needs the approval word"));
            }
            if (database.snapshot().form() == EnrolledDatabase.Form.archive
                    && database.roles().restore() == null) {
                problems.add(lines.problem(at + "/roles", "the archive form needs the role restore"));
            }
            for (int r = 0; r < database.routes().size(); r++) {
                String route = database.routes().get(r);
                if (channel(route).isEmpty()) {
                    problems.add(lines.problem(at + "/routes/" + r, "there is no channel " + route));
                }
            }
            try {
                database.snapshotName("0123456789abcdef");
            } catch (IllegalStateException e) {
                problems.add(lines.problem(at + "/server/database", String.valueOf(e.getMessage())));
            }
        }
        return problems;
    }
}
