package dev.ripcord.command.operate;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ripcord.command.CommandFailedException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ripcord decide}. */
@Command(
        name = "decide",
        description =
                "Says by the database's policy whether to roll back now, fix forward, watch, or leave it, and why."
                        + " Begins nothing.")
public final class DecideCommand implements Callable<Integer> {

    @Parameters(paramLabel = "DATABASE", description = "Id of the enrolled database")
    private String database = "";

    @Option(
            names = "--signal",
            description =
                    "What is wrong, can be repeated: applicationDown, errorRate, dataWrong, dataLost, securityHole,"
                            + " performanceSlight, performanceBad, featureBroken, applicationBug, freshStart")
    private List<String> signals = List.of();

    @Option(names = "--migration", description = "Which one; default: the newest with a snapshot")
    private @Nullable String migration;

    @Option(names = "--state", description = "Of the migration: running, completed, failed, neverApplied, unknown")
    private @Nullable String state;

    @Option(
            names = "--statements",
            paramLabel = "FILE",
            description = "The migration's SQL, from which its kind follows")
    private @Nullable Path statements;

    @Option(names = "--method", description = "The way back that you have in mind")
    private @Nullable String method;

    @Option(names = "--freeze", description = "Changes are not wanted at this time")
    private boolean freeze;

    @Option(names = "--overrule", paramLabel = "REASON", description = "You want the rollback whatever the rules say")
    private @Nullable String overrule;

    @Option(
            names = "--server",
            defaultValue = "${env:RIPCORD_ROLLBACK_SERVER:-http://127.0.0.1:8082}",
            description = "The rollback service, ${DEFAULT-VALUE}")
    private URI server = URI.create("http://127.0.0.1:8082");

    @Mixin
    private Access access = new Access();

    @Override
    public Integer call() {
        Map<String, @Nullable Object> body = new HashMap<>();
        body.put("database", database);
        body.put("migration", migration);
        body.put("method", method);
        body.put("signals", signals);
        body.put("state", state);
        body.put("statements", script());
        body.put("freeze", freeze);
        body.put("overrule", overrule);
        JsonNode answer =
                access.ask(server, client -> client.post("/decisions", body)).body();
        if (access.printed(answer)) return 0;
        JsonNode details = answer.path("details");
        System.out.println(answer.path("decision").asText().toUpperCase(java.util.Locale.ROOT) + "  (rule "
                + details.path("rule").asText() + ")");
        details.path("reasons").forEach(reason -> System.out.println("  " + reason.asText()));
        details.path("ladder").forEach(rung -> System.out.println("  by: " + rung.asText()));
        details.path("suggestions").forEach(DecideCommand::suggestion);
        details.path("alternatives").forEach(DecideCommand::suggestion);
        if (details.hasNonNull("wayOut"))
            System.out.println("  first: " + details.path("wayOut").asText());
        return 0;
    }

    private static void suggestion(JsonNode fix) {
        System.out.println("  or: " + fix.path("what").asText()
                + (fix.hasNonNull("sql") ? "\n      " + fix.path("sql").asText() : ""));
    }

    private @Nullable String script() {
        if (statements == null) return null;
        try {
            return Files.readString(statements);
        } catch (IOException e) {
            throw new CommandFailedException("the statements cannot be read: " + e, e);
        }
    }
}
