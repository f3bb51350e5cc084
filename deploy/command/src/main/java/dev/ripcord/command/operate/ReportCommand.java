package dev.ripcord.command.operate;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code ripcord rollback report}: what happened, to be read, kept and filled in. */
@Command(
        mixinStandardHelpOptions = true,
        name = "report",
        description =
                "Prints the incident report of a rollback as Markdown: who, why, each step with its time, what was"
                        + " lost, whether promises were kept, and a post-mortem to fill in.")
final class ReportCommand implements Callable<Integer> {

    @ParentCommand
    private @Nullable RollbackCommands rollbacks;

    @Parameters(paramLabel = "ROLLBACK")
    private String rollback = "";

    @Option(names = "--html", description = "As a page of HTML")
    private boolean html;

    @Override
    public Integer call() {
        RollbackCommands all = Objects.requireNonNull(rollbacks);
        String path = "/rollbacks/" + RollbackCommands.encoded(rollback) + (html ? "/report.html" : "/report.md");
        JsonNode report =
                all.access().read(all.server(), client -> client.get(path)).body();
        if (!all.access().printed(report)) System.out.print(report.asText());
        return 0;
    }
}
