package dev.ripcord.command;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ripcord.command.stack.Installation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script at the root, in a folder where everything seems built, with a JDK that only says what it is to run. */
class LauncherTest {

    @TempDir
    Path home;

    @Test
    void a_service_manager_that_sets_no_home_has_its_jdk_found() throws Exception {
        assertThat(launched("status")).endsWith("dev.ripcord.command.Ripcord status ");
    }

    @Test
    void who_operates_with_a_build_older_than_its_sources_is_told_so() throws Exception {
        assertThat(launched("enrol")).doesNotContain("older than its sources");

        Path newer = file("contracts/databases/src/main/resources/admin.sql", "");
        Files.setLastModifiedTime(newer, FileTime.from(Instant.now().plusSeconds(60)));

        assertThat(launched("enrol"))
                .contains("this build is older than its sources")
                .contains("./mvnw -q -Dquick package")
                .endsWith("dev.ripcord.command.Ripcord enrol ");
        assertThat(launched("status")).doesNotContain("older than its sources");
    }

    private String launched(String command) throws IOException, InterruptedException {
        Path script =
                Files.copy(Installation.here().home().resolve("ripcord"), home.resolve("ripcord"), REPLACE_EXISTING);
        if (!Files.exists(home.resolve("deploy/command/target/classpath"))) file("deploy/command/target/classpath", "");
        file("deploy/command/target/ripcord-command.jar", "");
        for (String service : List.of("snapshot", "rollback", "verifier", "notifier")) {
            file(service + "-service/target/quarkus-app/quarkus-run.jar", "");
        }
        file("jdk/release", "JAVA_VERSION=\"25.0.1\"\n");
        executable("jdk/bin/javac", "#!/bin/sh\n");
        executable("jdk/bin/java", "#!/bin/sh\nprintf '%s ' \"$@\"\n");

        ProcessBuilder launcher = new ProcessBuilder("bash", script.toString(), command).redirectErrorStream(true);
        launcher.environment().keySet().retainAll(List.of("PATH"));
        launcher.environment().put("JAVA_HOME", home.resolve("jdk").toString());
        Process process = launcher.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }

    private Path file(String name, String text) throws IOException {
        Path file = home.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private void executable(String name, String text) throws IOException {
        assertThat(file(name, text).toFile().setExecutable(true)).isTrue();
    }
}
