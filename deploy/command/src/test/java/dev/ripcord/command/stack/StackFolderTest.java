package dev.ripcord.command.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ripcord.embedded.CannotStartException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whose folder it is. */
class StackFolderTest {

    @TempDir
    Path place;

    @Test
    void a_folder_that_holds_something_else_is_refused_and_left_as_it_is() throws IOException {
        Path shared = Files.createDirectory(place.resolve("shared"));
        Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rwxrwxrwx"));
        Files.createFile(shared.resolve("of somebody else"));

        assertThatThrownBy(() -> StackFolder.at(shared))
                .isInstanceOf(CannotStartException.class)
                .hasMessageContaining("name an empty one");

        assertThat(permissions(shared)).isEqualTo("rwxrwxrwx");
    }

    @Test
    void one_that_is_made_is_for_its_owner_and_one_that_was_chosen_stays_as_it_was() throws IOException {
        assertThat(permissions(StackFolder.at(place.resolve("made")).root())).isEqualTo("rwx--x--x");

        Path chosen = Files.createDirectory(place.resolve("chosen"));
        Files.setPosixFilePermissions(chosen, PosixFilePermissions.fromString("rwxr-xr-x"));
        assertThat(permissions(StackFolder.at(chosen).root())).isEqualTo("rwxr-xr-x");
        Files.createFile(chosen.resolve("tokens"));
        assertThat(permissions(StackFolder.at(chosen).root())).isEqualTo("rwxr-xr-x");
    }

    private static String permissions(Path folder) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(folder));
    }
}
