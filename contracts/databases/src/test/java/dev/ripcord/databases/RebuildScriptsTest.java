package dev.ripcord.databases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ripcord.events.Script;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RebuildScriptsTest {

    @TempDir
    private Path folder;

    private Path baseline = Path.of("baseline");

    @BeforeEach
    void make() throws IOException {
        baseline = Files.createDirectory(folder.resolve("baseline"));
    }

    @Test
    void numbers_count_by_their_value_and_what_undoes_something_is_left_out() throws IOException {
        for (String name : List.of(
                "V10__c.sql", "V2__a.sql", "V2.1__b.sql", "U10__c.sql", "V2__a.down.sql", "V3.undo.sql", "README.md")) {
            Files.writeString(baseline.resolve(name), "select 1");
        }
        assertThat(names()).containsExactly("baseline/V2__a.sql", "baseline/V2.1__b.sql", "baseline/V10__c.sql");
    }

    @Test
    void another_script_or_another_order_has_another_digest() throws IOException {
        Files.writeString(baseline.resolve("1.sql"), "select 1");
        Files.writeString(baseline.resolve("2.sql"), "select 2");
        String digest = RebuildScripts.digest(scripts());
        assertThat(RebuildScripts.digest(scripts())).isEqualTo(digest).hasSize(16);
        assertThat(RebuildScripts.digest(scripts().reversed())).isNotEqualTo(digest);
        Files.writeString(baseline.resolve("2.sql"), "select 3");
        assertThat(RebuildScripts.digest(scripts())).isNotEqualTo(digest);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "begin; select 1; commit",
                "create index concurrently i on t (n)",
                "copy t from stdin",
                "\\\\connect elsewhere",
                "set role postgres",
                "create database other",
            })
    void a_statement_that_is_not_fit_for_the_transaction_is_named_with_its_file(String sql) throws IOException {
        Files.writeString(baseline.resolve("1.sql"), sql);
        assertThatThrownBy(this::scripts)
                .isInstanceOf(RefusedException.class)
                .hasMessageStartingWith("baseline/1.sql: ");
    }

    @Test
    void an_empty_folder_and_one_that_is_not_there_are_named() throws IOException {
        assertThatThrownBy(this::scripts).hasMessageContaining("there is no script in the baseline folder " + baseline);
        Files.delete(baseline);
        assertThatThrownBy(this::scripts).hasMessageContaining("the baseline folder " + baseline + " cannot be read");
    }

    private List<String> names() throws IOException {
        return scripts().stream().map(Script::name).toList();
    }

    private List<Script> scripts() throws IOException {
        Path file = folder.resolve("databases.yaml");
        Files.writeString(
                file,
                SqlResource.read("example.yaml")
                        .replace("warehouse]\n", "warehouse]\n    rebuild: { baseline: " + baseline + " }\n"));
        return RebuildScripts.read(Databases.read(file).find("shop").orElseThrow()).stream()
                .map(RebuildScripts.Content::script)
                .toList();
    }
}
