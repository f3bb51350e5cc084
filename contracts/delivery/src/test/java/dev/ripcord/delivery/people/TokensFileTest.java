package dev.ripcord.delivery.people;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokensFileTest {

    /** {@code printf hello | sha256sum}. */
    private static final String HELLO = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

    @TempDir
    Path folder;

    @Test
    void a_token_is_known_by_its_digest_and_a_changed_file_takes_effect_at_once() throws IOException {
        Path file = Files.writeString(folder.resolve("tokens"), "# people\n\nann approver " + HELLO + "\n");
        TokensFile tokens = new TokensFile(file);
        assertThat(tokens.owner("hello")).hasValue(new Person("ann", Role.approver));
        assertThat(Role.approver.included()).containsExactlyInAnyOrder("viewer", "requester", "approver");
        assertThat(tokens.owner("Hello")).isEmpty();
        Files.writeString(file, "");
        assertThat(tokens.owner("hello")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"ann approver", "ann king " + HELLO, "ann approver hello", "ann approver " + HELLO + " more"})
    void a_line_that_is_wrong_is_named(String line) throws IOException {
        TokensFile tokens = new TokensFile(Files.writeString(folder.resolve("tokens"), "# first\n" + line + "\n"));
        assertThatThrownBy(tokens::people).hasMessageContaining("tokens:2:").hasMessageContaining("viewer, requester");
    }
}
