package dev.ripcord.databases;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.Error;
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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The enrolled databases, the channels that hear of them and where alerts come in: the content of {@code databases.yaml}. What is not in it is
 * refused.
 *
 * @param routes what goes to which channels about every database
 * @param slack the Slack app whose buttons approve and reject; null where there is none
 */
public record Databases(
        List<EnrolledDatabase> databases,
        List<Channel> channels,
        List<Route> routes,
        List<Intake> intakes,
        @Nullable SlackApp slack) {

    public Databases(
            List<EnrolledDatabase> databases,
            @Nullable List<Channel> channels,
            @Nullable List<Route> routes,
            @Nullable List<Intake> intakes,
            @Nullable SlackApp slack) {
        this.slack = slack;
        this.intakes = intakes == null ? List.of() : List.copyOf(intakes);
        this.databases = List.copyOf(databases);
        this.channels = channels == null ? List.of() : List.copyOf(channels);
        this.routes = routes == null ? List.of() : List.copyOf(routes);
    }

    /** The database with this id, if it is enrolled. */
    public Optional<EnrolledDatabase> find(String id) {
        return databases.stream().filter(database -> database.id().equals(id)).findFirst();
    }

    /** The channel with this id, if there is one. */
    public Optional<Channel> channel(String id) {
        return channels.stream().filter(channel -> channel.id().equals(id)).findFirst();
    }

    /** The intake with this id, if there is one. */
    public Optional<Intake> intake(String id) {
        return intakes.stream().filter(intake -> intake.id().equals(id)).findFirst();
    }

    /** What goes to which channels about this database: its own routes, and those of all databases. */
    public List<Route> routesOf(EnrolledDatabase database) {
        return Stream.concat(database.routes().stream(), routes.stream()).toList();
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
            List<String> problems = new ArrayList<>(lines.fieldsGivenTwice());
            problems.addAll(schemaProblems(lines, tree.isMissingNode() ? "null" : tree.toString()));
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
                .map(error -> lines.problem(place(error), error.getMessage()))
                .distinct()
                .toList();
    }

    /** An unknown field is a problem of its own line, not of what it stands in. */
    private static String place(Error error) {
        String place = error.getInstanceLocation().toString();
        return error.getKeyword().equals("additionalProperties")
                ? place + "/" + error.getProperty().replace("~", "~0").replace("/", "~1")
                : place;
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
        Set<String> doors = new HashSet<>();
        for (int i = 0; i < intakes.size(); i++) {
            String id = intakes.get(i).id();
            if (!doors.add(id)) problems.add(lines.problem("/intakes/" + i + "/id", id + " is there twice"));
        }
        Set<String> ids = new HashSet<>();
        Set<String> places = new HashSet<>();
        Set<String> stems = new HashSet<>();
        for (int i = 0; i < databases.size(); i++) {
            EnrolledDatabase database = databases.get(i);
            EnrolledDatabase.Server server = database.server();
            String at = "/databases/" + i;
            String address = server.host() + ":" + server.port() + "/";
            if (!ids.add(database.id())) {
                problems.add(lines.problem(at + "/id", database.id() + " is there twice"));
            }
            if (!places.add(address + server.database())) {
                problems.add(lines.problem(at + "/server/database", "this database is enrolled twice"));
            } else if (!stems.add(address + database.stem())) {
                problems.add(lines.problem(
                        at + "/server/database",
                        "another database on this server begins with the same "
                                + EnrolledDatabase.bytes(database.stem())
                                + " bytes: the names made for the two could not be told apart"));
            }
            policyProblems(lines, at, database).forEach(problems::add);
            nameProblems(lines, at, server).forEach(problems::add);
            problems.addAll(Addresses.problems(lines, at, database));
        }
        problems.addAll(channelProblems(lines));
        problems.addAll(routeProblems(lines, "", routes));
        return problems;
    }

    private List<String> policyProblems(YamlLines lines, String at, EnrolledDatabase database) {
        List<String> problems = new ArrayList<>();
        if (database.environment() == EnrolledDatabase.Environment.production
                && database.approval() == EnrolledDatabase.Approval.automatic) {
            problems.add(lines.problem(at + "/rollback/approval", "production needs the approval word"));
        }
        if (database.snapshot().form() == EnrolledDatabase.Form.archive
                && database.roles().restore() == null) {
            problems.add(lines.problem(at + "/roles", "the archive form needs the role restore"));
        }
        if (database.rebuild() != null && database.roles().restore() == null) {
            problems.add(lines.problem(at + "/roles", "rebuild needs the role restore"));
        }
        secondServerProblems(lines, at, database).forEach(problems::add);
        for (int f = 0; f < database.freeze().size(); f++) {
            FreezeWindow window = database.freeze().get(f);
            if (!window.zoneIsKnown()) {
                problems.add(lines.problem(
                        at + "/freeze/" + f + "/zone", window.zone() + " is no time zone, such as Europe/Berlin"));
            }
        }
        routeProblems(lines, at, database.routes()).forEach(problems::add);
        return problems;
    }

    private List<String> routeProblems(YamlLines lines, String at, List<Route> routes) {
        List<String> problems = new ArrayList<>();
        for (int r = 0; r < routes.size(); r++) {
            String channel = routes.get(r).channel();
            if (channel(channel).isEmpty()) {
                problems.add(lines.problem(at + "/routes/" + r, "there is no channel " + channel));
            }
        }
        return problems;
    }

    private List<String> channelProblems(YamlLines lines) {
        List<String> problems = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        for (int c = 0; c < channels.size(); c++) {
            Channel channel = channels.get(c);
            String at = "/channels/" + c;
            if (!ids.add(channel.id())) problems.add(lines.problem(at + "/id", channel.id() + " is there twice"));
            problems.addAll(Addresses.problems(lines, at, channel));
            if (!(channel instanceof Channel.PublicPage page)) continue;
            for (String database : page.components().keySet()) {
                if (find(database).isPresent()) continue;
                problems.add(lines.problem(at + "/components/" + database, "there is no database " + database));
            }
        }
        return problems;
    }

    private static List<String> secondServerProblems(YamlLines lines, String at, EnrolledDatabase database) {
        EnrolledDatabase.SecondServer second = database.secondServer();
        if (second == null) return List.of();
        List<String> problems = new ArrayList<>();
        EnrolledDatabase.Server first = database.server();
        String server = at + "/secondServer/server";
        if (!second.server().database().equals(first.database())) {
            problems.add(lines.problem(
                    server + "/database", "the database keeps its name on the second server: " + first.database()));
        }
        if (second.server().host().equals(first.host()) && second.server().port() == first.port()) {
            problems.add(lines.problem(server + "/host", "this is the first server"));
        }
        if (database.snapshot().form() != EnrolledDatabase.Form.archive) {
            problems.add(lines.problem(
                    at + "/secondServer", "only archives can be restored on another server: snapshot.form: archive"));
        }
        if (second.roles().restore() == null) {
            problems.add(lines.problem(at + "/secondServer/roles", "the archive form needs the role restore"));
        }
        return problems;
    }

    private static List<String> nameProblems(YamlLines lines, String at, EnrolledDatabase.Server server) {
        List<String> problems = new ArrayList<>();
        if (server.database().equals(server.adminDatabase())) {
            problems.add(lines.problem(
                    at + "/server/adminDatabase", "the admin database cannot be one that is swapped itself"));
        }
        for (String field : List.of("database", "adminDatabase")) {
            int bytes = EnrolledDatabase.bytes(field.equals("database") ? server.database() : server.adminDatabase());
            if (bytes > EnrolledDatabase.NAME_BYTES) {
                problems.add(lines.problem(
                        at + "/server/" + field,
                        "the name has " + bytes + " bytes, PostgreSQL keeps " + EnrolledDatabase.NAME_BYTES));
            }
        }
        return problems;
    }
}
