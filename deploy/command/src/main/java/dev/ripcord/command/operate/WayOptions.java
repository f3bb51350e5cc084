package dev.ripcord.command.operate;

import dev.ripcord.command.CommandFailedException;
import dev.ripcord.events.Way;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How to go back, where it is not by swapping the whole database. */
final class WayOptions {

    @Option(
            names = "--method",
            defaultValue = "full",
            description =
                    "full, schema (structure back, rows kept), partial (the tables of --table), down (the migration"
                            + " tool's own way), sql (the statements of --statements), application, or rebuild (a new"
                            + " database from the baseline and seed scripts: every row is lost); ${DEFAULT-VALUE}")
    private String method = "full";

    @Option(names = "--table", description = "For partial; can be repeated")
    private List<String> tables = List.of();

    @Option(
            names = "--delete-dependents",
            description = "For partial: rows of other tables that would refer to nothing are deleted too")
    private boolean deleteDependents;

    @Option(names = "--to-version", description = "For down: the version that stays")
    private @Nullable String toVersion;

    @Option(
            names = "--last",
            description = "For down: how many of the newest versions are undone; where neither is said, all since the"
                    + " snapshot, or the newest one where that cannot be told")
    private int last;

    @Option(names = "--statements", paramLabel = "FILE", description = "For sql: a script")
    private @Nullable Path statements;

    @Option(names = "--dry-run", description = "Make the plan and show it; nothing is changed")
    private boolean dryRun;

    @Option(
            names = "--or-rebuild",
            description =
                    "For full: where there is no snapshot, plan to build the database anew; that has its own word")
    private boolean orRebuild;

    @Option(
            names = "--on-second-server",
            description =
                    "For full: restored on the database's second server, where the application is then pointed to;"
                            + " the database itself is left alone")
    private boolean onSecondServer;

    Way way() {
        return way(dryRun);
    }

    /** The same, of which only the plan is wanted. */
    Way dryWay() {
        return way(true);
    }

    private Way way(boolean onlyThePlan) {
        return new Way(
                method,
                tables,
                deleteDependents,
                toVersion,
                last,
                script(),
                onlyThePlan,
                orRebuild ? true : null,
                onSecondServer ? true : null);
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
