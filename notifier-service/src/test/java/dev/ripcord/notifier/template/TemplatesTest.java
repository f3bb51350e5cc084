package dev.ripcord.notifier.template;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ripcord.notifier.message.Message;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TemplatesTest {

    private static final Message MESSAGE = new Message(
            "rollback.failed",
            "shop",
            "r1",
            Message.Tone.alarm,
            Message.Weight.outcome,
            "Rollback of shop failed",
            List.of(new Message.Fact("Reason", "no <room> left"), new Message.Fact("The database stands", "unchanged")),
            "ripcord rollback shop");

    @TempDir
    private Path folder;

    @Test
    void a_template_gives_headline_and_body() throws IOException {
        Message worded = worded("""
                Dear all, {database} could not be taken back
                Because: {fact.get('Reason')}.
                {#for fact in facts}{fact.label}! {/for}
                Ask about {rollback}.
                """);
        assertThat(worded.headline()).isEqualTo("Dear all, shop could not be taken back");
        assertThat(worded.facts())
                .containsExactly(
                        new Message.Fact("", "Because: no <room> left.\nReason! The database stands! \nAsk about r1."));
        assertThat(worded.command()).isEqualTo("ripcord rollback shop");
    }

    @Test
    void a_template_of_one_line_leaves_the_facts() throws IOException {
        Message worded = worded("{headline} again\n");
        assertThat(worded.headline()).isEqualTo("Rollback of shop failed again");
        assertThat(worded.facts()).isEqualTo(MESSAGE.facts());
    }

    @Test
    void another_event_keeps_its_words() throws IOException {
        Files.writeString(folder.resolve("rollback.completed.txt"), "other words");
        assertThat(new Templates(Optional.of(folder)).worded(MESSAGE)).isEqualTo(MESSAGE);
        assertThat(new Templates(Optional.empty()).worded(MESSAGE)).isEqualTo(MESSAGE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{#for x in facts}never ended",
                "{no.such.thing}",
                "{database.secret}",
                "{#if}",
                "  \n ",
                "{#if fact.get('Reason') > 1000}long{/if} at last",
                "{#for fact in facts.take(5)}{fact.label} {/for}at last",
            })
    void a_broken_template_leaves_the_usual_words(String template) throws IOException {
        assertThat(worded(template)).isEqualTo(MESSAGE);
    }

    @Test
    void a_template_cannot_reach_beyond_the_message() throws IOException {
        assertThat(worded("{database.getClass()}")).isEqualTo(MESSAGE);
        assertThat(worded("{cdi:anything}")).isEqualTo(MESSAGE);
    }

    @Test
    void a_template_that_says_too_much_is_cut() throws IOException {
        Message worded = worded("x".repeat(500) + "\n" + "y".repeat(9000));
        assertThat(worded.headline()).hasSize(250);
        assertThat(worded.facts().getFirst().value()).hasSize(2500);
    }

    private Message worded(String template) throws IOException {
        Files.writeString(folder.resolve("rollback.failed.txt"), template);
        return new Templates(Optional.of(folder)).worded(MESSAGE);
    }
}
