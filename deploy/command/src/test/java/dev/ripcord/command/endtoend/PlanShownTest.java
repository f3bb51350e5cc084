package dev.ripcord.command.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ripcord.command.Ripcord;
import dev.ripcord.command.follow.Gate;
import dev.ripcord.command.stack.Service;
import dev.ripcord.events.KafkaBinding;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SuiteExtension.class)
class PlanShownTest {

    @Test
    void a_plan_is_shown_in_words_and_as_json_and_changes_nothing(Scenario story) throws Exception {
        assertThat(story.pipelineAsks(story.suite.spare)).isInstanceOf(Gate.Outcome.Open.class);
        String before;
        long oid;
        try (Connection connection = story.suite.stack.postgres().server().connect("spare");
                Statement statement = connection.createStatement()) {
            statement.execute("update products set price = price + 1 where id <= 5");
            statement.execute("alter table products add column colour text");
            before = one(statement, "select md5(string_agg(p::text || p.xmin, '' order by id)) from products p");
            story.migrationEnds();
            oid = Long.parseLong(one(statement, "select oid from pg_database where datname = 'spare'"));
        }

        String words = printed(story, "rollback", "plan", "spare", "--migration", story.migration());
        JsonNode plan = KafkaBinding.JSON
                .readTree(printed(story, "rollback", "plan", "spare", "--migration", story.migration(), "--json"))
                .path("plan");

        assertThat(words)
                .contains("its copy is ready")
                .contains("public.products: 0 new rows, 5 changes; 0 deleted rows come back")
                .contains("column public.products.colour with 0 values")
                .contains("every table was compared row by row")
                .contains("policy");
        assertThat(plan.path("losses").path("tables").path(0).path("updated").asLong())
                .isEqualTo(5);
        assertThat(plan.path("advice").path("decision").asText()).isEqualTo("roll back");
        try (Connection connection = story.suite.stack.postgres().server().connect("spare");
                Statement statement = connection.createStatement()) {
            assertThat(one(statement, "select md5(string_agg(p::text || p.xmin, '' order by id)) from products p"))
                    .isEqualTo(before);
            assertThat(Long.parseLong(one(statement, "select oid from pg_database where datname = 'spare'")))
                    .isEqualTo(oid);
            statement.execute("alter table products drop column colour");
        }
    }

    private static String one(Statement statement, String query) throws java.sql.SQLException {
        try (ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }

    private static String printed(Scenario story, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of(
                "--server",
                story.suite.stack.address(Service.ROLLBACK).toString(),
                "--token-file",
                story.suite.stack.secrets().file("administrator.token").toString()));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream usual = System.out;
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        try {
            assertThat(Ripcord.commandLine().execute(all.toArray(String[]::new)))
                    .isZero();
        } finally {
            System.setOut(usual);
        }
        return out.toString(StandardCharsets.UTF_8);
    }
}
