package dev.ripcord.command.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ripcord.command.follow.ServiceClient;
import dev.ripcord.command.sample.Restored;
import dev.ripcord.command.stack.Service;
import dev.ripcord.events.RollbackOutcomeEvent;
import dev.ripcord.events.SnapshotEvent;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SuiteExtension.class)
class RollbackTest {

    @Test
    void takes_a_bad_migration_back_and_accounts_for_every_order(Scenario story) throws Exception {
        story.clientsPlaceOrders();
        story.gateOpens();
        story.migrationGoesWrong();
        story.ordersComeIn();

        String rollback = story.rollbackIsRequested();

        RollbackOutcomeEvent.Completed completed = story.completed(rollback);
        story.applicationIsGreen();
        story.everyClientIsBack();
        Map<String, Long> counted = story.lossCounted(rollback);
        assertThat(counted).isEqualTo(story.everyOrderIsAccountedFor(completed.failedDatabase()));
        SnapshotEvent.Proven proven = story.suite.events.all(SnapshotEvent.Proven.class).stream()
                .filter(snapshot -> snapshot.snapshot().equals(completed.snapshot()))
                .findFirst()
                .orElseThrow();
        assertThat(Restored.differences(story.suite.stack, story.suite.shop, proven.manifest()))
                .isEmpty();
    }

    @Test
    void is_taken_back_itself_by_the_same_swap_and_can_be_asked_for_again(Scenario story) throws Exception {
        story.shopIsBroken();
        String rollback = story.rollbackIsRequested();
        story.completed(rollback);
        story.applicationIsGreen();
        story.lossCounted(rollback);

        String undo;
        try (ServiceClient client = story.client(Service.ROLLBACK)) {
            undo = client.post("/rollbacks/" + rollback + "/undo", Map.of("reason", "the test wants it back"))
                    .text("rollback");
        }

        assertThat(story.outcomeOf(undo)).isInstanceOf(RollbackOutcomeEvent.Undone.class);
        story.applicationIsRed();
        assertThat(story.server().live("shop")).isOne();
        story.everyClientIsBack();
        String again = story.rollbackIsRequested();
        String kept = story.completed(again).failedDatabase();
        story.applicationIsGreen();
        story.lossCounted(again);
        assertThat(story.server().databasesOf("shop")).anyMatch(line -> line.contains(" " + kept + " "));
    }

    @Test
    void swaps_once_however_often_it_is_asked_for(Scenario story) throws Exception {
        story.shopIsBroken();
        String rollback = story.rollbackIsRequested();
        story.request(story.suite.shop, rollback);
        story.request(story.suite.shop, rollback);

        String kept = story.completed(rollback).failedDatabase();
        story.request(story.suite.shop, rollback);

        story.lossCounted(rollback);
        assertThat(story.server().swaps(rollback)).isOne();
        assertThat(story.suite.events.all(RollbackOutcomeEvent.class).stream()
                        .filter(event -> event.rollback().equals(rollback)))
                .hasSize(1);
        story.everyOrderIsAccountedFor(kept);
    }

    @Test
    void what_was_done_to_the_database_itself_goes_back_and_is_named_in_the_outcome(Scenario story) throws Exception {
        story.shopIsBroken();
        story.server()
                .execute(
                        "postgres",
                        "alter database shop connection limit 90; grant create on database shop to public; alter database shop set work_mem = '5MB'");

        RollbackOutcomeEvent.Completed completed = story.completed(story.rollbackIsRequested());

        assertThat(completed.properties())
                .containsExactly(
                        "connection limit is 150, was 90",
                        "CREATE is not granted to public",
                        "setting work_mem is gone");
        assertThat(
                        story.server()
                                .list(
                                        "postgres",
                                        "select format('%s %s', datconnlimit, has_database_privilege('ripcord_verifier', oid, 'create')) from pg_database where datname = 'shop'"))
                .containsExactly("150 f");
        story.applicationIsGreen();
        story.everyOrderIsAccountedFor(completed.failedDatabase());
    }
}
