package dev.ripcord.command.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ripcord.command.stack.Installation;
import dev.ripcord.command.stack.Service;
import dev.ripcord.events.KafkaBinding;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each service says what can be asked of it, and that is what its code answers. */
@ExtendWith(SuiteExtension.class)
class OpenApiTest {

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Pattern CLASS_PATH = Pattern.compile("(?m)^@Path\\(\"([^\"]*)\"\\)");
    private static final Pattern CLASS_ROLE = Pattern.compile("(?m)^@RolesAllowed\\(\"([a-z]+)\"\\)");
    private static final Pattern METHOD =
            Pattern.compile("((?:^    @[A-Z][^\n]*\n)+)    public [^\n(]+ (\\w+)\\(", Pattern.MULTILINE);
    private static final Pattern PATH = Pattern.compile("@Path\\(\"([^\"]*)\"\\)");
    private static final Pattern ROLE = Pattern.compile("@RolesAllowed\\(\"([a-z]+)\"\\)");

    /** A status in the source of a resource. */
    private static final Pattern STATUS = Pattern.compile(
            "(?:problem|answer|refused|Problem\\.of)\\(\\s*(?:_, )?([45]\\d\\d)\\b|\\.status\\(([45]\\d\\d)\\)");

    /**
     * What a method of a resource says of itself.
     *
     * @param role null where it is for everybody
     */
    private record Asked(
            String path, String method, @Nullable String role, Path file) {}

    @ParameterizedTest
    @EnumSource(Service.class)
    void every_path_is_there_with_its_role_its_answers_and_words(Service service, Scenario story) throws Exception {
        JsonNode document = document(service, story);
        List<Asked> code = code(service);
        assertThat(code).isNotEmpty();

        Set<String> operations = new TreeSet<>();
        document.path("paths")
                .properties()
                .forEach(path -> path.getValue().fieldNames().forEachRemaining(method -> {
                    if (List.of("get", "post", "put", "delete", "patch").contains(method))
                        operations.add(method + " " + path.getKey());
                }));
        assertThat(operations)
                .containsExactlyInAnyOrderElementsOf(code.stream()
                        .map(asked -> asked.method() + " " + asked.path())
                        .toList());
        for (Asked asked : code) {
            JsonNode operation = document.path("paths").path(asked.path()).path(asked.method());
            String name = asked.method() + " " + asked.path();
            assertThat(operation.path("summary").asText()).as(name).isNotBlank();
            assertThat(operation.path("description").asText()).as(name).isNotBlank();
            JsonNode answers = operation.path("responses");
            assertThat(names(answers))
                    .as(name)
                    .anySatisfy(status -> assertThat(status).startsWith("2"));
            if (asked.role() == null) {
                assertThat(operation.path("security")).as(name).isEmpty();
            } else {
                assertThat(operation.at("/security/0/token/0").asText())
                        .as(name)
                        .isEqualTo(asked.role());
                assertThat(names(answers)).as(name).contains("401", "403");
            }
            if (operation.has("requestBody"))
                assertThat(names(answers)).as(name).contains("413");
        }
    }

    @ParameterizedTest
    @EnumSource(Service.class)
    void every_refusal_in_the_code_is_told(Service service, Scenario story) throws Exception {
        JsonNode document = document(service, story);
        for (Path file : code(service).stream().map(Asked::file).distinct().toList()) {
            Set<String> told = new TreeSet<>();
            for (Asked asked : code(service)) {
                if (asked.file().equals(file))
                    told.addAll(names(document.path("paths")
                            .path(asked.path())
                            .path(asked.method())
                            .path("responses")));
            }
            Set<String> written = new TreeSet<>();
            Matcher status = STATUS.matcher(Files.readString(file));
            while (status.find()) written.add(status.group(1) == null ? status.group(2) : status.group(1));
            assertThat(told).as(file.getFileName().toString()).containsAll(written);
        }
    }

    @ParameterizedTest
    @EnumSource(Service.class)
    void what_is_told_to_need_a_token_does(Service service, Scenario story) throws Exception {
        JsonNode document = document(service, story);
        assertThat(document.at("/components/securitySchemes/token/scheme").asText())
                .isEqualTo("bearer");
        for (Asked asked : code(service)) {
            String path = asked.path().replaceAll("\\{[a-z]+}", "none");
            HttpResponse<Void> answer = HTTP.send(
                    HttpRequest.newBuilder(story.suite.stack.address(service).resolve(path))
                            .header("Content-Type", "application/json")
                            .method(
                                    asked.method().toUpperCase(Locale.ROOT),
                                    asked.method().equals("get")
                                            ? HttpRequest.BodyPublishers.noBody()
                                            : HttpRequest.BodyPublishers.ofString("{}"))
                            .build(),
                    HttpResponse.BodyHandlers.discarding());
            if (asked.role() == null) assertThat(answer.statusCode()).as(path).isIn(200, 404);
            else assertThat(answer.statusCode()).as(path).isEqualTo(401);
        }
    }

    @ParameterizedTest
    @EnumSource(Service.class)
    void every_field_of_a_body_is_told(Service service, Scenario story) throws Exception {
        JsonNode document = document(service, story);
        Pattern body = Pattern.compile("public record (Asking|Said|Signed|Reason|Ending|Failure)\\(([^)]*)\\)");
        for (Path file : code(service).stream().map(Asked::file).distinct().toList()) {
            Set<String> told = new TreeSet<>();
            for (Asked asked : code(service)) {
                if (asked.file().equals(file))
                    told.addAll(names(document.path("paths")
                            .path(asked.path())
                            .path(asked.method())
                            .at("/requestBody/content/application~1json/schema/properties")));
            }
            Matcher record = body.matcher(Files.readString(file));
            while (record.find()) {
                for (String field : record.group(2).split(",")) {
                    assertThat(told)
                            .as(file.getFileName().toString())
                            .contains(field.strip().replaceAll(".*\\s", ""));
                }
            }
        }
    }

    private static JsonNode document(Service service, Scenario story) throws Exception {
        HttpResponse<String> answer = HTTP.send(
                HttpRequest.newBuilder(story.suite.stack.address(service).resolve("/openapi?format=json"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        return KafkaBinding.JSON.readTree(answer.body());
    }

    private static Set<String> names(JsonNode node) {
        Set<String> names = new TreeSet<>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static List<Asked> code(Service service) throws IOException {
        List<Asked> code = new ArrayList<>();
        Path sources = Installation.here().home().resolve(service.title()).resolve("src/main/java");
        try (Stream<Path> files = Files.walk(sources)) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".java")).toList()) {
                String text = Files.readString(file);
                Matcher path = CLASS_PATH.matcher(text);
                if (!path.find()) continue;
                @Nullable String role = first(CLASS_ROLE, text, null);
                Matcher method = METHOD.matcher(text);
                while (method.find()) {
                    String annotations = method.group(1);
                    if (!annotations.contains("@GET") && !annotations.contains("@POST")) continue;
                    code.add(new Asked(
                            joined(path.group(1), String.valueOf(first(PATH, annotations, ""))),
                            annotations.contains("@GET") ? "get" : "post",
                            annotations.contains("@PermitAll") ? null : first(ROLE, annotations, role),
                            file));
                }
            }
        }
        return code;
    }

    private static String joined(String whole, String part) {
        String path = ("/" + whole + "/" + part).replaceAll("/+", "/");
        return path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }

    private static @Nullable String first(Pattern pattern, String text, @Nullable String otherwise) {
        Matcher found = pattern.matcher(text);
        return found.find() ? found.group(1) : otherwise;
    }
}
