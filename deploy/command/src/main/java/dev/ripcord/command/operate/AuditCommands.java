package dev.ripcord.command.operate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.ripcord.command.CommandFailedException;
import dev.ripcord.command.NotAskedException;
import dev.ripcord.events.KafkaBinding;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code ripcord audit}: the trail that the rollback service keeps of every step. */
@Command(name = "audit", description = "Checks and exports the audit trail of rollbacks.")
public final class AuditCommands {

    private static final Pattern HEAD = Pattern.compile("(\\d{1,18}):([0-9a-f]{64})");
    private static final int AT_ONCE = 200;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--server",
            scope = ScopeType.INHERIT,
            defaultValue = "${env:RIPCORD_ROLLBACK_SERVER:-http://127.0.0.1:8082}",
            description = "The rollback service, ${DEFAULT-VALUE}")
    private URI server = URI.create("http://127.0.0.1:8082");

    @Mixin
    private Access access = new Access();

    @Command(
            name = "verify",
            mixinStandardHelpOptions = true,
            description = "Computes the hash of every record anew. Exit status 0: the trail is intact. 1: it is not. 3:"
                    + " it could not be asked."
                    + " Keep the head that is printed where the service cannot write, and give it the next time:"
                    + " only so it shows when the end was cut off or everything was written anew.")
    int verify(
            @Option(names = "--head", paramLabel = "POSITION:HASH", description = "A head that was printed earlier")
                    @Nullable
                    String head) {
        String of = kept(head);
        JsonNode verdict = access.judged(server, client -> client.get("/audit/verify" + of))
                .body();
        if (!verdict.path("verdict").asText().matches("intact|broken")) {
            throw new NotAskedException(new CommandFailedException(
                    "what answers at " + server + " is no rollback service: is --server right?"));
        }
        boolean intact = verdict.path("verdict").asText().equals("intact");
        if (access.printed(verdict)) return intact ? 0 : 1;
        if (intact) {
            JsonNode end = verdict.path("head");
            System.out.println("Intact: " + verdict.path("count").asLong() + " records; head "
                    + end.path("position").asLong() + ":" + end.path("hash").asText());
        } else {
            System.err.println("BROKEN at position " + verdict.path("position").asLong() + ": expected "
                    + verdict.path("expected").asText() + ", found "
                    + verdict.path("found").asText());
        }
        return intact ? 0 : 1;
    }

    @Command(
            name = "export",
            mixinStandardHelpOptions = true,
            description = "Prints the trail, one line for each record: the time, key=value pairs, the first digits of"
                    + " the hash. With --json the records as they were hashed.")
    int export(
            @Option(names = "--rollback", paramLabel = "ID", description = "Only of this rollback") @Nullable
                    String rollback) {
        ArrayNode all = KafkaBinding.JSON.createArrayNode();
        long after = 0;
        JsonNode page = page(rollback, after);
        while (!page.isEmpty()) {
            for (JsonNode entry : page) {
                if (access.json()) all.add(entry);
                else System.out.println(entry.path("line").asText());
                after = entry.path("position").asLong();
            }
            page = page(rollback, after);
        }
        access.printed(all);
        return 0;
    }

    private JsonNode page(@Nullable String rollback, long after) {
        String only = rollback == null ? "" : "&rollback=" + URLEncoder.encode(rollback, StandardCharsets.UTF_8);
        return access.ask(server, client -> client.get("/audit?limit=" + AT_ONCE + "&after=" + after + only))
                .body();
    }

    private String kept(@Nullable String head) {
        if (head == null) return "";
        Matcher parts = HEAD.matcher(head);
        if (!parts.matches() && spec != null) {
            throw new ParameterException(
                    spec.commandLine(), "--head is POSITION:HASH, as `ripcord audit verify` prints it");
        }
        return "?position=" + parts.group(1) + "&hash=" + parts.group(2);
    }
}
