package dev.ripcord.embedded;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What a {@link ServiceProcess} runs, on the JDK of this JVM.
 *
 * @param name for messages
 * @param arguments all that follows {@code java}: options, then {@code -jar FILE} or {@code -cp PATH CLASS}, then its own
 * @param environment added to this JVM's own
 * @param log where its output goes, appended; the folder is made if absent
 * @param readiness what to wait for
 * @param limit how long to wait for it
 */
public record JavaProgram(
        String name,
        List<String> arguments,
        Map<String, String> environment,
        Path log,
        Readiness readiness,
        Duration limit) {

    public JavaProgram {
        arguments = List.copyOf(arguments);
        environment = Map.copyOf(environment);
    }
}
