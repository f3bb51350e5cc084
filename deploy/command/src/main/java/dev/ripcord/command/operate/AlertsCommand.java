package dev.ripcord.command.operate;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ripcord alerts}. */
@Command(name = "alerts", description = "The alerts of monitoring that came in, newest first, and what became of each.")
public final class AlertsCommand implements Callable<Integer> {

    @Parameters(paramLabel = "DATABASE", arity = "0..1", description = "Id of the enrolled database; default: all")
    private @Nullable String database;

    @Option(names = "--limit", defaultValue = "20", description = "How many at the most, ${DEFAULT-VALUE}")
    private int limit;

    @Option(
            names = "--server",
            defaultValue = "${env:RIPCORD_ROLLBACK_SERVER:-http://127.0.0.1:8082}",
            description = "The rollback service, ${DEFAULT-VALUE}")
    private URI server = URI.create("http://127.0.0.1:8082");

    @Mixin
    private Access access = new Access();

    @Override
    public Integer call() {
        String about = database == null ? "" : "&database=" + URLEncoder.encode(database, StandardCharsets.UTF_8);
        JsonNode alerts = access.ask(server, client -> client.get("/alerts?limit=" + limit + about))
                .body();
        if (access.printed(alerts)) return 0;
        if (alerts.isEmpty()) System.out.println("No alert came in.");
        alerts.forEach(AlertsCommand::print);
        return 0;
    }

    private static void print(JsonNode alert) {
        String state = alert.hasNonNull("resolvedAt") ? "resolved" : "firing";
        System.out.println(alert.path("receivedAt").asText() + "  " + state + "  "
                + alert.path("database").asText("no database") + "  "
                + alert.path("name").asText() + ": "
                + alert.path("verdict").asText("not decided")
                + (alert.hasNonNull("reason") ? ", " + alert.path("reason").asText() : "")
                + (alert.hasNonNull("rollback")
                        ? ", rollback " + alert.path("rollback").asText()
                        : ""));
    }
}
