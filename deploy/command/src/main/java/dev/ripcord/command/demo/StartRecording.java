package dev.ripcord.command.demo;

import dev.ripcord.command.follow.Narrator;
import dev.ripcord.command.sample.Size;
import dev.ripcord.command.stack.Installation;
import dev.ripcord.command.stack.TemporaryStack;
import dev.ripcord.embedded.CannotStartException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.sql.SQLException;
import java.time.Duration;

/**
 * Has the services go through a small demo once after each build, to have the JVM write down what they load and link
 * (JEP 483 and 514); every later start reads that instead of finding it out again.
 */
public final class StartRecording {

    private static final Size SIZE = new Size(5);

    /** Writing takes some seconds of a core for each service. */
    private static final Duration WRITTEN_WITHIN = Duration.ofMinutes(2);

    private StartRecording() {}

    /** Does it where it has not been done since the last build, and says so, because it takes a while. */
    public static void ensure(Narrator tell) {
        Installation installation = Installation.here();
        if (installation.startsAreCached()) return;
        tell.step("Once after each build: the services are run in, so that they start faster from now on");
        TemporaryStack.use("recording", SIZE.bytesNeeded(), stack -> {
            stack.record();
            try {
                new Demo(stack, SIZE, new Narrator(new PrintStream(OutputStream.nullOutputStream()))).run();
            } catch (DemoFailedException | CannotStartException | SQLException | IOException e) {
                tell.step("Running them in went wrong, which does no harm: " + e.getMessage());
            }
            stack.stopServices(WRITTEN_WITHIN);
            return stack;
        });
    }
}
