package dev.ripcord.command.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ripcord.command.Ripcord;
import dev.ripcord.command.follow.Gate;
import dev.ripcord.command.sample.SampleStack;
import dev.ripcord.command.stack.Service;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import picocli.CommandLine;

@ExtendWith(SuiteExtension.class)
class CommandLineTest {

    private final StringWriter complaints = new StringWriter();

    @Test
    void a_person_asks_looks_and_checks_the_trail_from_the_command_line(Scenario story) throws Exception {
        assertThat(story.pipelineAsks(story.suite.spare)).isInstanceOf(Gate.Outcome.Open.class);
        try (Connection connection = story.suite.stack.postgres().server().connect("spare");
                Statement statement = connection.createStatement()) {
            statement.execute("update products set price = price + 1000");
        }
        story.migrationEnds();
        String id = "by-hand-" + Scenario.shortId();

        assertThat(run(story, "decide", "spare", "--signal", "dataWrong", "--state", "completed"))
                .isZero();
        assertThat(run(
                        story,
                        "rollback",
                        "request",
                        "spare",
                        "--migration",
                        story.migration(),
                        "--reason",
                        "prices",
                        "--id",
                        id,
                        "--signal",
                        "dataWrong",
                        "--override",
                        "a test",
                        "--method",
                        "partial",
                        "--table",
                        "public.products",
                        "--wait"))
                .as(complaints.toString())
                .isZero();
        assertThat(run(story, "rollback", "status", id)).isZero();
        assertThat(run(story, "rollback", "status", "--json")).isZero();
        assertThat(run(story, "audit", "verify")).as(complaints.toString()).isZero();
        assertThat(run(story, "audit", "export", "--rollback", id)).isZero();
        assertThat(run(story, "rollback", "report", id))
                .as(complaints.toString())
                .isZero();
        assertThat(run(story, "rollback", "report", id, "--html")).isZero();
        assertThat(run(story, "rollback", "post-mortem", id))
                .as(complaints.toString())
                .isZero();
        assertThat(complaints.toString()).isEmpty();
    }

    @Test
    void a_snapshot_whose_migration_was_good_is_shown_and_let_go(Scenario story) throws Exception {
        if (!(story.pipelineAsks(story.suite.spare) instanceof Gate.Outcome.Open open)) {
            throw new AssertionError("the gate is closed");
        }
        story.migrationEnds();
        String releasedBy =
                "select coalesce(released_by, 'nobody') from snapshot.snapshot where id = '" + open.snapshot() + "'";
        OnServer server = new OnServer(story.suite.stack.postgres().server());

        assertThat(run(story, Service.SNAPSHOT, "snapshots", "spare")).isZero();
        assertThat(server.list("ripcord_state", releasedBy)).containsExactly("nobody");
        assertThat(run(story, Service.SNAPSHOT, "release", open.snapshot())).isZero();
        assertThat(server.list("ripcord_state", releasedBy)).containsExactly("administrator");
        assertThat(complaints.toString()).isEmpty();

        assertThat(run(story, Service.SNAPSHOT, "release", "no such snapshot")).isOne();
        assertThat(complaints.toString()).contains("There is no snapshot no such snapshot");
    }

    @Test
    void what_comes_too_late_is_refused_in_words(Scenario story) throws Exception {
        String id = "too-late-" + Scenario.shortId();
        run(story, "rollback", "request", "spare", "--reason", "look", "--id", id, "--dry-run", "--wait");

        assertThat(run(story, "rollback", "approve", id, "--plan", "0")).isNotZero();
        assertThat(run(story, "rollback", "reject", id, "--reason", "no")).isNotZero();
        assertThat(run(story, "rollback", "cancel", id)).isNotZero();
        assertThat(run(story, "rollback", "undo", "no-such-rollback")).isNotZero();
        assertThat(run(story, "rollback", "break-glass", id, "--plan", "0", "--reason", "alone"))
                .isNotZero();
        assertThat(run(story, "rollback", "reopen", "no-such-rollback", "--word", "x", "--reason", "now"))
                .isNotZero();
        assertThat(run(story, "rollback", "reopen", id, "--word", "CONFIRM_REOPEN", "--reason", "now"))
                .as("it has ended: there is nothing to open")
                .isZero();
        assertThat(complaints.toString())
                .contains("does not wait for approval")
                .contains("can no longer be cancelled")
                .contains("there is no rollback no-such-rollback")
                .doesNotContain("argument type mismatch");
    }

    @Test
    void a_migration_that_hangs_is_shown_and_ended_from_the_command_line(Scenario story) throws Exception {
        assertThat(run(story, "migration", "show", "spare")).isZero();
        assertThat(run(story, "migration", "end", "spare", "--word", "yes", "--reason", "it hangs"))
                .isNotZero();
        assertThat(run(story, "migration", "end", "spare", "--word", "CONFIRM_END_SESSION", "--reason", "it hangs"))
                .isNotZero();
        assertThat(complaints.toString())
                .contains("typed another word than CONFIRM_END_SESSION")
                .contains("no migration of spare is known to be running");
        try (Connection connection = story.suite.stack.postgres().server().connect("spare");
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("alter table products add column hung int");
            var row = statement.executeQuery("select pg_backend_pid()");
            row.next();
            assertThat(run(
                            story,
                            "migration",
                            "end",
                            "spare",
                            "--pid",
                            row.getString(1),
                            "--word",
                            "CONFIRM_END_SESSION",
                            "--reason",
                            "it hangs"))
                    .as(complaints.toString())
                    .isZero();
            assertThat(connection.isValid(1)).isFalse();
        }
    }

    @Test
    void migrations_are_rehearsed_on_a_copy_and_the_exit_status_says_whether_each_way_back_leads_back(Scenario story)
            throws Exception {
        assertThat(run(story, "rollback", "rehearse", "no-such-database")).isNotZero();
        Path folder = SampleStack.migrations(story.suite.stack, story.suite.spare);
        Path up = folder.resolve("7_flag.up.sql");
        Path down = folder.resolve("7_flag.down.sql");
        Files.writeString(
                up, "alter table public.customers add column flag int; create index flags on public.customers (flag)");
        Files.writeString(down, "alter table public.customers drop column flag");
        OnServer server = story.server();
        server.execute("spare", "create table public.schema_migrations (version text primary key)");
        server.execute("spare", "alter table public.schema_migrations owner to shop_owner");
        try {
            assertThat(story.pipelineAsks(story.suite.spare)).isInstanceOf(Gate.Outcome.Open.class);
            List<String> live =
                    server.list("spare", "select attname from pg_attribute where attrelid = 'customers'::regclass");

            assertThat(run(story, "rollback", "rehearse", "spare", "--migration", story.migration(), "--kept"))
                    .as(complaints.toString())
                    .isZero();
            Files.writeString(down, "select 1");
            assertThat(run(story, "rollback", "rehearse", "spare", "--migration", story.migration()))
                    .as("a down script that leaves everything where it is")
                    .isOne();
            assertThat(server.list("spare", "select attname from pg_attribute where attrelid = 'customers'::regclass"))
                    .isEqualTo(live);
        } finally {
            Files.delete(up);
            Files.delete(down);
            server.execute("spare", "drop table public.schema_migrations");
        }
        assertThat(complaints.toString()).contains("database no-such-database is not enrolled");
    }

    private int run(Scenario story, String... arguments) {
        return run(story, Service.ROLLBACK, arguments);
    }

    private int run(Scenario story, Service service, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of(
                "--server",
                story.suite.stack.address(service).toString(),
                "--token-file",
                story.suite.stack.secrets().file("administrator.token").toString()));
        CommandLine line = Ripcord.commandLine();
        line.setErr(new PrintWriter(complaints, true));
        return line.execute(all.toArray(String[]::new));
    }
}
