package dev.ripcord.command.operate;

import dev.ripcord.command.follow.ServiceClient.Answer;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code ripcord rollback post-mortem}: says that it is done, so that nobody is reminded. */
@Command(
        mixinStandardHelpOptions = true,
        name = "post-mortem",
        description = "Says that the post-mortem of a rollback is done: nobody is reminded of it any more.")
final class PostMortemCommand implements Callable<Integer> {

    @ParentCommand
    private @Nullable RollbackCommands rollbacks;

    @Parameters(paramLabel = "ROLLBACK")
    private String rollback = "";

    @Override
    public Integer call() {
        RollbackCommands all = Objects.requireNonNull(rollbacks);
        String path = "/rollbacks/" + RollbackCommands.encoded(rollback) + "/post-mortem";
        Answer answer = all.access().ask(all.server(), client -> client.post(path, Map.of()));
        if (!all.access().printed(answer.body())) System.out.println("Done, by " + answer.text("doneBy") + ".");
        return 0;
    }
}
