package dev.ripcord.command.operate;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ripcord.command.follow.ServiceClient.Answer;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;

/** {@code ripcord migration}: a migration that does not end. */
@Command(name = "migration", description = "Shows who runs a migration and who blocks whom; ends it.")
public final class MigrationCommands {

    @Option(
            names = "--server",
            scope = ScopeType.INHERIT,
            defaultValue = "${env:RIPCORD_ROLLBACK_SERVER:-http://127.0.0.1:8082}",
            description = "The rollback service, ${DEFAULT-VALUE}")
    private URI server = URI.create("http://127.0.0.1:8082");

    @Mixin
    private Access access = new Access();

    @Command(
            mixinStandardHelpOptions = true,
            name = "show",
            description = "The sessions that change the schema, wait for others, or are waited for.")
    int show(@Parameters(paramLabel = "DATABASE", description = "Id of the enrolled database") String database) {
        JsonNode view = look(database);
        if (access.printed(view)) return 0;
        JsonNode running = view.path("running");
        System.out.println(
                running.isObject()
                        ? running.path("migration").asText() + " began at "
                                + running.path("since").asText() + ", nobody has told its end"
                        : "No migration is known to be running.");
        view.path("sessions").forEach(MigrationCommands::line);
        return 0;
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "end",
            description =
                    "Ends one of the sessions that `migration show` names; without --pid, where no session runs the"
                            + " migration any more, tells that it has failed.")
    int end(
            @Parameters(paramLabel = "DATABASE", description = "Id of the enrolled database") String database,
            @Option(names = "--pid", description = "Process id of the session") @Nullable Integer pid,
            @Option(names = "--word", required = true, description = "CONFIRM_END_SESSION") String word,
            @Option(names = "--reason", required = true, description = "Why, for the audit trail") String reason) {
        Map<String, @Nullable Object> body = new HashMap<>();
        body.put("pid", pid);
        body.put("word", word);
        body.put("reason", reason);
        Answer answer = access.ask(server, client -> client.post(path(database) + "/end", body));
        if (!access.printed(answer.body())) System.out.println(answer.text("done"));
        return 0;
    }

    private JsonNode look(String database) {
        return access.ask(server, client -> client.get(path(database))).body();
    }

    private static String path(String database) {
        return "/migrations/"
                + URLEncoder.encode(database, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static void line(JsonNode session) {
        List<String> waitsFor = new ArrayList<>();
        session.path("waitsFor").forEach(pid -> waitsFor.add(pid.asText()));
        System.out.println("pid " + session.path("pid").asText() + "  "
                + session.path("who").asText() + "  "
                + session.path("application").asText() + "  since "
                + session.path("since").asText()
                + (session.path("changesSchema").asBoolean() ? "  changes the schema" : "")
                + (waitsFor.isEmpty() ? "" : "  waits for " + String.join(", ", waitsFor))
                + "  " + session.path("state").asText() + ": "
                + session.path("query").asText());
    }
}
