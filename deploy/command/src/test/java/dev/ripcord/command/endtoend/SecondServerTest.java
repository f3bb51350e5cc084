package dev.ripcord.command.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ripcord.command.follow.ServiceClient;
import dev.ripcord.command.stack.Service;
import dev.ripcord.events.Plan;
import dev.ripcord.events.RollbackOutcomeEvent;
import dev.ripcord.events.SnapshotEvent;
import dev.ripcord.events.Way;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ArchiveSuiteExtension.class)
class SecondServerTest {

    private static final Way ELSEWHERE = new Way("full", List.of(), false, null, 0, null, false, null, true);
    private static final String PRICES = "select sum(price)::text from products";

    private static final String SETTINGS =
            "select coalesce(r.rolname, '') || array_to_string(s.setconfig, e'\\n') from pg_db_role_setting s join pg_database d on d.oid = s.setdatabase"
                    + " left join pg_roles r on r.oid = s.setrole where d.datname = 'cold' and coalesce(r.rolname, '') not like 'ripcord%' order by 1";

    @Test
    void a_snapshot_is_opened_on_the_second_server_and_a_person_confirms_the_cut_over(ArchiveSuite suite)
            throws Exception {
        // what an owner may set, and what would be settings of a superuser where its value is taken for several
        suite.server()
                .execute(
                        ArchiveSuite.COLD,
                        "alter database cold set application_name = 'a; log_statement=all | all: session_preload_libraries=\\x3b'");
        SnapshotEvent.Proven proven = suite.proven(ArchiveSuite.COLD);
        List<String> before = suite.server().list(ArchiveSuite.COLD, PRICES);
        suite.server().execute(ArchiveSuite.COLD, "update products set price = price + 1000");
        List<String> after = suite.server().list(ArchiveSuite.COLD, PRICES);

        String rollback = suite.request(ArchiveSuite.COLD, proven.migration(), ELSEWHERE);
        Plan plan = suite.planned(rollback, "full").plan();
        await().atMost(ArchiveSuite.LIMIT)
                .untilAsserted(() -> assertThat(state(suite, rollback)).isEqualTo("PointedTo"));
        assertThat(suite.onSecond().list(ArchiveSuite.COLD, PRICES)).isEqualTo(before);
        try (ServiceClient client = suite.client(Service.ROLLBACK)) {
            assertThat(client.post("/rollbacks/" + rollback + "/confirm", Map.of())
                            .good())
                    .isTrue();
        }
        RollbackOutcomeEvent.Moved moved = suite.outcome(rollback, RollbackOutcomeEvent.Moved.class);

        String there = "postgresql://127.0.0.1:" + suite.second.port() + "/cold";
        assertThat(moved.connection()).isEqualTo(there);
        assertThat(moved.oldClosed()).isFalse();
        assertThat(moved.undo()).contains("point the application back to " + moved.oldConnection());
        assertThat(moved.notBrought()).anyMatch(each -> each.startsWith("roles"));
        assertThat(plan.steps())
                .contains("open " + there)
                .anyMatch(step -> step.startsWith("leave " + moved.oldConnection() + " open"))
                .anyMatch(step -> step.contains("does not come along: replication slots"));
        assertThat(suite.server().list(ArchiveSuite.COLD, PRICES))
                .as("the old database is left alone")
                .isEqualTo(after);
        assertThat(suite.server().live(ArchiveSuite.COLD)).isOne();
        assertThat(properties(suite.onSecond())).isEqualTo(properties(suite.server()));
        assertThat(suite.onSecond().list("postgres", SETTINGS))
                .isEqualTo(suite.server().list("postgres", SETTINGS))
                .hasSize(2)
                .last()
                .asString()
                .contains("application_name=a; log_statement=all | all: session_preload_libraries");

        String again = suite.request(ArchiveSuite.COLD, proven.migration(), ELSEWHERE);
        assertThat(suite.outcome(again, RollbackOutcomeEvent.Refused.class).reason())
                .contains("there is a database cold on")
                .contains("not replaced");
        assertThat(suite.onSecond().list(ArchiveSuite.COLD, PRICES)).isEqualTo(before);
    }

    @Test
    void the_hook_points_the_application_there_and_the_old_database_is_closed_before(ArchiveSuite suite)
            throws Exception {
        SnapshotEvent.Proven proven = suite.proven(ArchiveSuite.AWAY);
        List<String> before = suite.server().list(ArchiveSuite.AWAY, PRICES);
        suite.server().execute(ArchiveSuite.AWAY, "update products set price = price + 1000");

        String rollback = suite.request(ArchiveSuite.AWAY, proven.migration(), ELSEWHERE);
        RollbackOutcomeEvent.Moved moved = suite.outcome(rollback, RollbackOutcomeEvent.Moved.class);

        assertThat(suite.onSecond().list(ArchiveSuite.AWAY, PRICES)).isEqualTo(before);
        JsonNode call = suite.cutOver.calls.getFirst();
        assertThat(call.path("connection").asText()).isEqualTo(moved.connection());
        assertThat(call.path("host").asText()).isEqualTo("127.0.0.1");
        assertThat(call.path("port").asInt()).isEqualTo(suite.second.port());
        assertThat(call.path("name").asText()).isEqualTo("away");
        assertThat(call.toString()).doesNotContainIgnoringCase("password");
        assertThat(moved.oldClosed()).isTrue();
        assertThat(suite.server().live(ArchiveSuite.AWAY))
                .as("the old one is closed")
                .isZero();
        assertThat(moved.undo()).contains("select ripcord.reopen('away')");
        suite.server().execute(OnServer.ADMIN_DATABASE, "select ripcord.reopen('away')");
        assertThat(suite.server().live(ArchiveSuite.AWAY)).isOne();
    }

    @Test
    void without_a_second_server_it_is_refused_with_what_to_do(ArchiveSuite suite) throws Exception {
        String migration = suite.proven(ArchiveSuite.LATER).migration();

        String rollback = suite.request(ArchiveSuite.LATER, migration, ELSEWHERE);

        RollbackOutcomeEvent.Refused refused = suite.outcome(rollback, RollbackOutcomeEvent.Refused.class);
        assertThat(refused.reason()).contains("names no second server for later");
        assertThat(refused.next()).contains("ripcord enrol --second-server");
    }

    private static String state(ArchiveSuite suite, String rollback) throws IOException {
        try (ServiceClient client = suite.client(Service.ROLLBACK)) {
            return client.get("/rollbacks/" + rollback).text("state");
        }
    }

    private static List<String> properties(OnServer server) throws Exception {
        return server.list(
                OnServer.ADMIN_DATABASE,
                "select format('%s: %s', property, value) from ripcord.properties((select oid::bigint from pg_database where datname = 'cold')) order by 1");
    }
}
