package dev.ripcord.command.operate;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ripcord.command.CommandFailedException;
import dev.ripcord.command.NotAskedException;
import dev.ripcord.command.follow.ServiceClient.Answer;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;

/** {@code ripcord rollback}: what is asked of the rollback service. */
@Command(
        name = "rollback",
        description = "Asks for rollbacks, approves them, shows how they stand, takes them back.",
        subcommands = {RehearseCommand.class, ReportCommand.class, PostMortemCommand.class})
public final class RollbackCommands {

    private static final Set<String> GOOD_ENDS =
            Set.of("Counting", "Completed", "Undone", "PutRight", "Planned", "Moved");
    private static final long LOOK_MILLIS = 250;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Option(
            names = "--server",
            scope = ScopeType.INHERIT,
            defaultValue = "${env:RIPCORD_ROLLBACK_SERVER:-http://127.0.0.1:8082}",
            description = "The rollback service, ${DEFAULT-VALUE}")
    private URI server = URI.create("http://127.0.0.1:8082");

    @Mixin
    private Access access = new Access();

    URI server() {
        return server;
    }

    Access access() {
        return access;
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "request",
            description = "Asks to take a database back to the state before a migration.")
    int request(
            @Parameters(paramLabel = "DATABASE", description = "Id of the enrolled database") String database,
            @Option(names = "--reason", required = true, description = "Why, for the audit trail") String reason,
            @Option(names = "--migration", description = "Which one; default: the newest with a snapshot") @Nullable
                    String migration,
            @Option(names = "--snapshot", description = "Which one; default: that of the migration") @Nullable
                    String snapshot,
            @Option(names = "--id", description = "Id of the rollback: asking twice with one is asking once") @Nullable
                    String id,
            @Option(names = "--signal", description = "What is wrong, can be repeated: see `ripcord decide --help`")
                    @Nullable
                    List<String> signals,
            @Option(
                            names = "--override",
                            paramLabel = "REASON",
                            description = "Why it is wanted although the decision policy says otherwise")
                    @Nullable
                    String override,
            @Mixin WayOptions way,
            @Option(names = "--wait", description = "Wait for the outcome; exit status 1 if it is not the wanted one")
                    boolean wait)
            throws InterruptedException {
        Map<String, @Nullable Object> body = new HashMap<>();
        body.put("database", database);
        body.put("reason", reason);
        body.put("migration", migration);
        body.put("snapshot", snapshot);
        body.put("rollback", id);
        body.put("way", way.way());
        body.put("signals", signals);
        body.put("overrides", override);
        return accepted(access.ask(server, client -> client.post("/rollbacks", body)), wait);
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "plan",
            description = "Shows what a rollback would do and lose, and what stands in its way; nothing is changed.")
    int plan(
            @Parameters(paramLabel = "DATABASE", description = "Id of the enrolled database") String database,
            @Option(names = "--reason", defaultValue = "a plan only", description = "Why, for the audit trail")
                    String reason,
            @Option(names = "--migration", description = "Which one; default: the newest with a snapshot") @Nullable
                    String migration,
            @Option(names = "--snapshot", description = "Which one; default: that of the migration") @Nullable
                    String snapshot,
            @Mixin WayOptions way)
            throws InterruptedException {
        Map<String, @Nullable Object> body = new HashMap<>();
        body.put("database", database);
        body.put("reason", reason);
        body.put("migration", migration);
        body.put("snapshot", snapshot);
        body.put("way", way.dryWay());
        String rollback =
                access.ask(server, client -> client.post("/rollbacks", body)).text("rollback");
        JsonNode view = ended(rollback, false);
        if (access.printed(view.path("details"))) return shown(view);
        line(view);
        next(view);
        plan(rollback, view);
        return shown(view);
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "show",
            description = "Shows the plan of a rollback that waits for approval, or of a dry run.")
    int show(@Parameters(paramLabel = "ROLLBACK") String rollback) {
        JsonNode view = look(rollback);
        if (access.printed(view.path("details").path("plan"))) return 0;
        line(view);
        next(view);
        if (!plan(rollback, view)) System.out.println("It has no plan to show in this state.");
        return 0;
    }

    private static int shown(JsonNode view) {
        return view.path("details").path("plan").isObject() ? 0 : 1;
    }

    private static boolean plan(String rollback, JsonNode view) {
        JsonNode plan = view.path("details").path("plan");
        if (plan.isObject()) PlanText.of(rollback, plan).forEach(System.out::println);
        return plan.isObject();
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "undo",
            description = "Takes a rollback back: the database that had failed is live again.")
    int undo(
            @Parameters(paramLabel = "ROLLBACK") String rollback,
            @Option(names = "--reason", defaultValue = "", description = "Why, for the audit trail") String reason,
            @Option(
                            names = "--override",
                            paramLabel = "REASON",
                            description = "Why it is wanted although a migration runs that began after the rollback")
                    @Nullable
                    String override,
            @Option(names = "--wait", description = "Wait for the outcome") boolean wait)
            throws InterruptedException {
        Map<String, @Nullable String> body = new HashMap<>();
        body.put("reason", reason);
        body.put("overrides", override);
        return accepted(say(rollback, "undo", body), wait);
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "approve",
            description = "Approves the plan that `rollback show` shows.")
    int approve(
            @Parameters(paramLabel = "ROLLBACK") String rollback,
            @Option(names = "--plan", required = true, paramLabel = "HASH", description = "Hash of the plan you saw")
                    String plan,
            @Option(names = "--word", description = "The confirmation word that the plan asks for") @Nullable
                    String word)
            throws InterruptedException {
        Map<String, @Nullable String> body = new HashMap<>();
        body.put("planHash", plan);
        body.put("word", word);
        return accepted(say(rollback, "approve", body), false);
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "break-glass",
            description = "Approves the plan as one administrator alone; everybody hears of it.")
    int breakGlass(
            @Parameters(paramLabel = "ROLLBACK") String rollback,
            @Option(names = "--plan", required = true, paramLabel = "HASH", description = "Hash of the plan you saw")
                    String plan,
            @Option(names = "--word", description = "The confirmation word that the plan asks for") @Nullable
                    String word,
            @Option(names = "--reason", required = true, description = "Why nobody else can approve it") String reason)
            throws InterruptedException {
        Map<String, @Nullable String> body = new HashMap<>();
        body.put("planHash", plan);
        body.put("word", word);
        body.put("reason", reason);
        return accepted(say(rollback, "break-glass", body), false);
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "reopen",
            description = "Gives up a rollback that holds the live database closed, and opens that again as it was.")
    int reopen(
            @Parameters(paramLabel = "ROLLBACK") String rollback,
            @Option(names = "--word", required = true, description = "CONFIRM_REOPEN") String word,
            @Option(names = "--reason", required = true, description = "Why, for the audit trail") String reason,
            @ArgGroup(exclusive = false) @Nullable WithoutService without) {
        if (without != null) {
            System.out.println(without.reopen(rollback, word, reason));
            return 0;
        }
        Answer answer = say(rollback, "reopen", Map.of("word", word, "reason", reason));
        if (!access.printed(answer.body())) System.out.println(answer.text("done"));
        return 0;
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "confirm",
            description = "Says that the application is pointed to the second server.")
    int confirm(@Parameters(paramLabel = "ROLLBACK") String rollback) throws InterruptedException {
        return accepted(say(rollback, "confirm", Map.of()), false);
    }

    @Command(mixinStandardHelpOptions = true, name = "reject", description = "Refuses the plan; nothing is changed.")
    int reject(
            @Parameters(paramLabel = "ROLLBACK") String rollback,
            @Option(names = "--reason", required = true, description = "Why, for the audit trail") String reason)
            throws InterruptedException {
        return accepted(say(rollback, "reject", Map.of("reason", reason)), false);
    }

    @Command(mixinStandardHelpOptions = true, name = "cancel", description = "Takes a request back, before its swap.")
    int cancel(
            @Parameters(paramLabel = "ROLLBACK") String rollback,
            @Option(names = "--reason", defaultValue = "", description = "Why, for the audit trail") String reason)
            throws InterruptedException {
        return accepted(say(rollback, "cancel", Map.of("reason", reason)), false);
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "status",
            description = "How one rollback stands, or the newest ones.")
    int status(@Parameters(arity = "0..1", paramLabel = "ROLLBACK") @Nullable String rollback) {
        if (rollback == null) {
            JsonNode all =
                    access.ask(server, client -> client.get("/rollbacks")).body();
            if (access.printed(all)) return 0;
            if (all.isEmpty()) System.out.println("There is none.");
            all.forEach(RollbackCommands::line);
            return 0;
        }
        JsonNode view = look(rollback);
        if (access.printed(view)) return 0;
        line(view);
        next(view);
        restore(view);
        if (view.hasNonNull("approvals"))
            System.out.println("approvals: " + view.path("approvals").asText());
        plan(rollback, view);
        return 0;
    }

    private int accepted(Answer answer, boolean wait) throws InterruptedException {
        String rollback = answer.text("rollback");
        if (!wait) {
            if (!access.printed(answer.body())) {
                System.out.println(
                        "Accepted at " + server + ": " + rollback + ". See: ripcord rollback status " + rollback);
            }
            return 0;
        }
        JsonNode view = ended(rollback, !access.json());
        if (!access.printed(view)) {
            line(view);
            next(view);
        }
        return GOOD_ENDS.contains(view.path("state").asText()) ? 0 : 1;
    }

    /** Waits until there is nothing more to wait for. */
    private JsonNode ended(String rollback, boolean tell) throws InterruptedException {
        String shown = "";
        String restored = "";
        JsonNode view = look(rollback);
        while (!view.path("finished").asBoolean()
                && !view.path("state").asText().equals("Counting")) {
            String standing = view.path("state").asText() + standing(view);
            if (!standing.equals(shown) && tell) line(view);
            shown = standing;
            String now = progress(view);
            if (!now.equals(restored) && !now.isEmpty() && tell) System.out.println("  " + now);
            restored = now;
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
            view = patiently(
                    () -> look(rollback), "Rollback " + rollback + " may go on: ripcord rollback status " + rollback);
        }
        return view;
    }

    /**
     * A service that restarts is waited for: what it does goes on without us.
     *
     * @param otherwise what to say besides where it does not come back
     */
    static JsonNode patiently(Supplier<JsonNode> look, String otherwise) throws InterruptedException {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                return look.get();
            } catch (CommandFailedException e) {
                if (System.nanoTime() > until) {
                    CommandFailedException more = new CommandFailedException(e.getMessage() + ". " + otherwise, e);
                    throw e instanceof NotAskedException ? new NotAskedException(more) : more;
                }
                TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
            }
        }
    }

    private JsonNode look(String rollback) {
        return access.ask(server, client -> client.get("/rollbacks/" + encoded(rollback)))
                .body();
    }

    private Answer say(String rollback, String what, Map<String, @Nullable String> body) {
        return access.ask(server, client -> client.post("/rollbacks/" + encoded(rollback) + "/" + what, body));
    }

    private static void restore(JsonNode view) {
        String now = progress(view);
        if (!now.isEmpty()) System.out.println("  " + now);
    }

    /** How far the copy is that it waits for. */
    private static String progress(JsonNode view) {
        JsonNode restore = view.path("restore");
        if (!restore.isObject()) return "";
        return restore.path("phase").asText() + ": " + restore.path("done").asInt() + " of "
                + restore.path("total").asInt() + ", " + restore.path("percent").asInt() + " %, since "
                + restore.path("millis").asLong() / 1000 + " s";
    }

    private static void line(JsonNode view) {
        JsonNode details = view.path("details");
        String reason = details.path("reason")
                .asText(details.path("swapped").path("keptName").asText(""));
        System.out.println(view.path("rollback").asText() + "  "
                + view.path("database").asText() + "  "
                + view.path("state").asText() + " since " + view.path("since").asText()
                + (reason.isEmpty() ? "" : "  " + reason)
                + standing(view));
    }

    /** What keeps it where it is; nothing of one that has ended. */
    private static String standing(JsonNode view) {
        if (view.path("finished").asBoolean()) return "";
        String problem = view.path("problem").asText("");
        if (!problem.isEmpty()) return "  tried again after: " + problem;
        String waitsFor = view.path("details").path("waitsFor").asText("");
        return waitsFor.isEmpty() ? "" : "  waits: " + waitsFor;
    }

    /** What to do about one that did not end as it was wanted. */
    private static void next(JsonNode view) {
        String next = view.path("details").path("next").asText("");
        if (!next.isEmpty()) System.out.println("  next: " + next);
    }

    static String encoded(String part) {
        return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
