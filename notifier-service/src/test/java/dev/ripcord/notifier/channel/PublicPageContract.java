package dev.ripcord.notifier.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ripcord.databases.Channel;
import dev.ripcord.events.RipcordEvent;
import dev.ripcord.events.RollbackEvent;
import dev.ripcord.events.RollbackOutcomeEvent;
import dev.ripcord.notifier.Receiver;
import dev.ripcord.notifier.delivery.Carrier;
import dev.ripcord.notifier.delivery.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every public status page does, tried with a server that behaves like the provider's. */
public abstract class PublicPageContract<C extends Channel.PublicPage> extends ChannelContract<C> {

    protected static final RipcordEvent STARTED = new RollbackEvent.Started("shop", "r1", "hash", "bob");
    protected static final RipcordEvent COMPLETED =
            new RollbackOutcomeEvent.Undone("shop", "r1", "r0", "kept", 20, 500);

    private final Letters letters = new Letters();
    private final Carrier<C> carrier = carrier(new Post(Duration.ofSeconds(5)));

    /** A provider's server with one page and the component of the database shop. */
    public interface Provider extends AutoCloseable {

        /** What it serves over. */
        Receiver receiver();

        /** Its incidents as words: state, how often it was told, name. */
        List<String> incidents();

        /** The component's status as the provider names it. */
        String component();

        @Override
        void close();
    }

    private Provider provider;

    protected abstract Provider provider() throws IOException;

    /** The channel at the provider, whose token is in the file of this name. */
    protected abstract C at(Provider provider);

    /** The provider's token. */
    protected abstract String token();

    /** Investigating, identified, resolved; operational, partial outage, major outage: as the provider names them. */
    protected abstract List<String> words();

    @BeforeEach
    void openProvider() throws IOException {
        provider = provider();
        Files.writeString(folder.resolve("token"), token());
    }

    @AfterEach
    void closeProvider() {
        provider.close();
    }

    @Test
    void a_rollback_is_one_incident_and_its_component_comes_back() {
        assertThat(tell(STARTED)).isEqualTo(new Outcome.Accepted());
        assertThat(provider.incidents())
                .containsExactly(words().get(1) + " 1 shop is taken back to an earlier state (r1)");
        assertThat(provider.component()).isEqualTo(words().get(4));
        assertThat(tell(new RollbackEvent.Overdue("shop", "r1", "Swapping", Instant.EPOCH, 30, true, "look")))
                .isEqualTo(new Outcome.Accepted());
        assertThat(provider.component()).isEqualTo(words().get(5));
        assertThat(tell(COMPLETED)).isEqualTo(new Outcome.Accepted());
        assertThat(provider.incidents())
                .containsExactly(words().get(2) + " 3 shop is taken back to an earlier state (r1)");
        assertThat(provider.component()).isEqualTo(words().get(3));
    }

    @Test
    void a_failed_rollback_stays_open_and_says_nothing_of_why() {
        tell(STARTED);
        tell(new RollbackOutcomeEvent.Failed("shop", "r1", "unchanged", "no room on pg-7", "ripcord rollback shop"));
        assertThat(provider.incidents()).singleElement().asString().startsWith(words().getFirst() + " 2 ");
        assertThat(provider.component()).isEqualTo(words().get(4));
        assertThat(provider.receiver().requests())
                .noneMatch(request -> request.body().contains("pg-7"))
                .noneMatch(request -> request.body().contains("bob"));
    }

    @Test
    void a_crash_between_the_answer_and_the_note_opens_no_second_incident() {
        tellDying(STARTED);
        assertThat(tell(STARTED)).isEqualTo(new Outcome.Accepted());
        assertThat(provider.incidents()).hasSize(1);
        assertThat(tell(COMPLETED)).isEqualTo(new Outcome.Accepted());
        assertThat(provider.incidents()).singleElement().asString().startsWith(words().get(2));
    }

    @Test
    void the_next_event_updates_the_incident_whose_opening_was_never_noted() {
        tellDying(STARTED);
        assertThat(tell(COMPLETED)).isEqualTo(new Outcome.Accepted());
        assertThat(provider.incidents()).singleElement().asString().startsWith(words().get(2) + " 2 ");
    }

    @Test
    void what_is_sent_again_after_the_end_does_not_open_it_anew() {
        tell(STARTED);
        tell(COMPLETED);
        assertThat(tell(STARTED)).isEqualTo(new Outcome.Accepted());
        assertThat(provider.incidents()).singleElement().asString().startsWith(words().get(2) + " 2 ");
        assertThat(provider.component()).isEqualTo(words().get(3));
    }

    @Test
    void what_hangs_before_it_has_started_opens_nothing() {
        assertThat(tell(new RollbackEvent.Overdue("shop", "r1", "Approving", Instant.EPOCH, 3600, false, "approve")))
                .isEqualTo(new Outcome.Accepted());
        assertThat(provider.receiver().requests()).isEmpty();
        tell(STARTED);
        assertThat(provider.incidents()).singleElement().asString().startsWith(words().get(1) + " 1 ");
    }

    @Test
    void a_failure_opens_an_incident_where_its_start_was_not_told() {
        tell(new RollbackOutcomeEvent.Failed("shop", "r1", "unchanged", "no room on pg-7", "ripcord rollback shop"));
        assertThat(provider.incidents()).singleElement().asString().startsWith(words().getFirst() + " 1 ");
    }

    @Test
    void an_end_without_a_beginning_is_not_told() {
        assertThat(tell(COMPLETED)).isEqualTo(new Outcome.Accepted());
        assertThat(provider.receiver().requests()).isEmpty();
    }

    @Test
    void a_beginning_that_is_heard_after_its_end_opens_nothing() {
        tell(COMPLETED);
        assertThat(tell(STARTED)).isEqualTo(new Outcome.Accepted());
        assertThat(provider.incidents()).isEmpty();
    }

    @Test
    void a_beginning_that_is_told_after_a_failure_leaves_it_as_it_is() {
        tell(new RollbackOutcomeEvent.Failed("shop", "r1", "unchanged", "no room on pg-7", "ripcord rollback shop"));
        assertThat(carrier.carry(letters.overtaken(STARTED), at(provider))).isEqualTo(new Outcome.Accepted());
        assertThat(provider.incidents()).singleElement().asString().startsWith(words().getFirst() + " 1 ");
    }

    @Test
    void a_wrong_token_gives_up_at_once() throws IOException {
        Files.writeString(folder.resolve("token"), "wrong");
        assertThat(tell(STARTED))
                .isInstanceOfSatisfying(
                        Outcome.Never.class, never -> assertThat(never.reason()).startsWith("answered 401"));
    }

    private Outcome tell(RipcordEvent event) {
        return carrier.carry(letters.about(event), at(provider));
    }

    /** Tells an event, and dies when the answer should be noted. */
    private void tellDying(RipcordEvent event) {
        letters.dyingAfter(1);
        assertThatThrownBy(() -> tell(event)).hasMessage("the service dies here");
        letters.dyingAfter(Integer.MAX_VALUE);
    }
}
