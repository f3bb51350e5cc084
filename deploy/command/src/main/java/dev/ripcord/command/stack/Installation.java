package dev.ripcord.command.stack;

import dev.ripcord.embedded.CannotStartException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The folder that the suite was built in.
 *
 * @param home the root of the source tree
 */
public record Installation(Path home) {

    /** The one that this program belongs to: system property {@code ripcord.home}, else the nearest one above. */
    public static Installation here() {
        String named = System.getProperty("ripcord.home");
        if (named != null) return new Installation(Path.of(named).toAbsolutePath());
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            if (Files.isDirectory(folder.resolve(Service.SNAPSHOT.title()))) return new Installation(folder);
        }
        throw new CannotStartException("The suite's folder was not found above "
                + Path.of("").toAbsolutePath() + ": start ./ripcord, or set -Dripcord.home");
    }

    /**
     * What starts a service.
     *
     * @throws CannotStartException if it is not built
     */
    Path program(Service service) {
        Path jar = home.resolve(service.title()).resolve("target/quarkus-app/quarkus-run.jar");
        if (!Files.isRegularFile(jar)) {
            throw new CannotStartException(
                    service.title() + " is not built (" + jar + " is missing): run ./mvnw -Dquick package in " + home);
        }
        return jar;
    }

    /** Where it is kept what a service loads when it starts, so that it starts faster the next time. */
    Path startCache(Service service) {
        return program(service).resolveSibling("app.aot");
    }

    /** Whether that was recorded for every service since it was built. */
    public boolean startsAreCached() {
        return Arrays.stream(Service.values()).allMatch(this::startIsCached);
    }

    boolean startIsCached(Service service) {
        return startCache(service).toFile().lastModified()
                > program(service).toFile().lastModified();
    }
}
