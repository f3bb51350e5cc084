package dev.ripcord.command.operate;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ripcord.command.CommandFailedException;
import dev.ripcord.command.NotAskedException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code ripcord rollback rehearse}. */
@Command(
        name = "rehearse",
        description = "Rehearses migrations, each up, down and up again, on a copy of a snapshot and never on the live"
                + " database. Exit status 1: a way back does not lead back. 3: it could not be asked or rehearsed.")
final class RehearseCommand implements Callable<Integer> {

    private static final long LOOK_MILLIS = 250;

    @ParentCommand
    private RollbackCommands parent = new RollbackCommands();

    @Parameters(paramLabel = "DATABASE", description = "Id of the enrolled database")
    private String database = "";

    @Option(names = "--migration", description = "Whose snapshot; default: the newest snapshot")
    private @Nullable String migration;

    @Option(names = "--snapshot", description = "Which one; default: that of the migration")
    private @Nullable String snapshot;

    @Option(
            names = "--kept",
            description = "Rehearse the files that were kept with the snapshot; default: those in the folder now")
    private boolean kept;

    @Override
    public Integer call() throws InterruptedException {
        Map<String, @Nullable Object> body = new HashMap<>();
        body.put("database", database);
        body.put("migration", migration);
        body.put("snapshot", snapshot);
        body.put("kept", kept);
        String id = parent.access()
                .judged(parent.server(), client -> client.post("/rehearsals", body))
                .text("rehearsal");
        JsonNode view = patiently(id);
        while (!view.path("finished").asBoolean()) {
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
            view = patiently(id);
        }
        if (!view.path("state").asText().equals("Reported")) {
            parent.access().printed(view);
            throw new NotAskedException(new CommandFailedException(
                    view.path("details").path("reason").asText()));
        }
        JsonNode report = view.path("details").path("report");
        if (!parent.access().printed(view)) print(report);
        return report.path("clean").asBoolean() ? 0 : 1;
    }

    private static void print(JsonNode report) {
        report.path("migrations").forEach(each -> {
            boolean flawed =
                    each.hasNonNull("problem") || !each.path("differences").isEmpty();
            System.out.println(each.path("version").asText() + (flawed ? "  DOES NOT LEAD BACK" : "  leads back"));
            each.path("phases")
                    .forEach(phase ->
                            System.out.println("  " + phase.path("name").asText() + ": "
                                    + phase.path("says").asText()));
            each.path("differences").forEach(line -> System.out.println("  ! " + line.asText()));
            if (each.hasNonNull("problem"))
                System.out.println("  ! " + each.path("problem").asText());
        });
        if (report.hasNonNull("reason")) {
            System.out.println((report.path("clean").asBoolean() ? "" : "NOT REHEARSED: ")
                    + report.path("reason").asText());
        }
    }

    private JsonNode patiently(String id) throws InterruptedException {
        return RollbackCommands.patiently(
                () -> look(id), "Rehearsal " + id + " may go on: ask for another when the service answers");
    }

    private JsonNode look(String id) {
        return parent.access()
                .judged(parent.server(), client -> client.get("/rehearsals/" + id))
                .body();
    }
}
