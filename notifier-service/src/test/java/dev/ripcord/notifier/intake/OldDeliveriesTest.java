package dev.ripcord.notifier.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ripcord.delivery.StateDatabase;
import dev.ripcord.notifier.Infrastructure;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(Infrastructure.class)
class OldDeliveriesTest {

    @Inject
    OldDeliveries old;

    @Inject
    StateDatabase state;

    @AfterEach
    void remove() {
        state.query("delete from task where id like 'aged-%'");
        state.query("delete from message where id like 'aged-%'");
        state.query("delete from note where subject like 'aged-%'");
    }

    @Test
    void what_ended_long_ago_is_forgotten_and_nothing_else() {
        delivery("aged-delivered", "Delivered", true, 91);
        delivery("aged-given-up", "GivenUp", true, 91);
        delivery("aged-pending", "Pending", false, 91);
        delivery("aged-younger", "Delivered", true, 89);

        old.forget();

        assertThat(ids("task")).containsExactly("aged-pending", "aged-younger");
        assertThat(ids("message")).containsExactly("aged-pending", "aged-younger");
    }

    @Test
    void what_a_channel_noted_goes_with_the_last_that_it_was_told_of_it() {
        delivery("aged-told", "Delivered", true, 10);
        state.query("update message set rollback = 'aged-rollback' where id = 'aged-told'");
        note("aged-rollback", 91);
        note("aged-told", 91);
        note("aged-other", 91);
        note("aged-younger", 89);

        old.forget();

        assertThat(state.query("select subject from note where subject like 'aged-%' order by 1").stream()
                        .map(row -> row.getString("subject")))
                .containsExactly("aged-rollback", "aged-told", "aged-younger");
    }

    private void note(String subject, int days) {
        state.query(
                "insert into note (channel, subject, name, value, kept_at) values ('lost', $1, 'head', 'x', now() - $2::int * interval '1 day')",
                subject,
                days);
    }

    private void delivery(String id, String name, boolean finished, int days) {
        state.query(
                "insert into task (kind, id, database_id, state, document, finished, due_at, state_since)"
                        + " values ('delivery', $1, 'till', $2, '{}', $3, now() + interval '1 year', now() - $4::int * interval '1 day')",
                id,
                name,
                finished,
                days);
        state.query("insert into message (id, channel, about_at) values ($1, 'lost', now())", id);
    }

    private List<String> ids(String table) {
        return state.query("select id from " + table + " where id like 'aged-%' order by id").stream()
                .map(row -> row.getString("id"))
                .toList();
    }
}
