package dev.ripcord.command.operate;

import dev.ripcord.command.CommandFailedException;
import dev.ripcord.databases.AdminSession;
import dev.ripcord.databases.DatabaseFailure;
import dev.ripcord.databases.Databases;
import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.databases.InvalidDatabasesException;
import dev.ripcord.databases.RefusedException;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import picocli.CommandLine.Option;

/** For when the rollback service does not answer: acts on the server itself, through the same guarded functions. */
final class WithoutService {

    private static final Duration LIMIT = Duration.ofSeconds(15);

    @Option(
            names = "--databases",
            required = true,
            paramLabel = "FILE",
            description = "Act on the server itself, as databases.yaml describes it, without the rollback service")
    private Path file = Path.of("databases.yaml");

    @Option(names = "--database", required = true, paramLabel = "ID", description = "Which of them")
    private String id = "";

    /** Opens the live database again that a rollback left closed; what was done. */
    String reopen(String rollback, String word, String reason) {
        if (!EnrolledDatabase.REOPEN_WORD.equals(word)) {
            throw new CommandFailedException("the word is " + EnrolledDatabase.REOPEN_WORD + ", found " + word);
        }
        Vertx vertx = Vertx.vertx();
        try {
            EnrolledDatabase database = Databases.read(file)
                    .find(id)
                    .orElseThrow(() -> new CommandFailedException("database " + id + " is not in " + file));
            try (AdminSession admin =
                    AdminSession.open(vertx, database, database.roles().rollback(), LIMIT)) {
                String by = System.getProperty("user.name") + ", without the service: " + reason;
                return words(admin.reopen(rollback, admin.identify(), by), rollback);
            }
        } catch (InvalidDatabasesException | DatabaseFailure | RefusedException e) {
            throw new CommandFailedException("nothing was done: " + e.getMessage(), e);
        } finally {
            vertx.close();
        }
    }

    private String words(String done, String rollback) {
        return switch (done) {
            case "opened" -> "the live database of " + id + " is open again as it was; " + rollback + " is given up";
            case "open" -> "the live database of " + id + " was open already; " + rollback + " is given up";
            case "swapped" ->
                throw new CommandFailedException(
                        "it is too late: the swap is done, and the restored database is live and"
                                + " open. Next: to have the other live again, ripcord rollback undo " + rollback);
            default ->
                throw new CommandFailedException("nothing was done: the live database of " + id
                        + " is closed by somebody else than " + rollback);
        };
    }
}
