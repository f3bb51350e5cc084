package dev.ripcord.rollback;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ripcord.events.RollbackEvent;
import dev.ripcord.events.RollbackOutcomeEvent.Completed;
import dev.ripcord.events.RollbackRequestEvent.Requested;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The report of a real rollback, asked for by somebody who means harm to its readers. */
@QuarkusTest
@QuarkusTestResource(Shops.class)
class ReportTest {

    private static final String HOSTILE = "<script>alert(1)</script> **bold** [a](http://evil.example) | cell `code`\n"
            + "# heading\u202e password=hunter2 postgres://joe:hunter2@db";

    @TestHTTPResource("/")
    URI service;

    @Test
    void says_what_happened_and_what_was_promised_and_shows_hostile_names_as_text()
            throws SQLException, IOException, InterruptedException {
        try (Suite suite = new Suite()) {
            execute("create table \"<img src=x onerror=alert(2)>|*t*\" (id int primary key, note text)");
            suite.snapshot("reported", "rep");
            execute("insert into \"<img src=x onerror=alert(2)>|*t*\" values (1, 'a row that nobody may see')");
            suite.publish(new Requested("reported", "r-reported", null, null, null, HOSTILE, "<b>mallory</b>"));
            Completed done =
                    suite.hears(Completed.class, event -> event.rollback().equals("r-reported"));
            suite.hears(
                    RollbackEvent.LossCounted.class, event -> event.rollback().equals("r-reported"));
            RollbackEvent.TargetMissed missed = suite.hears(
                    RollbackEvent.TargetMissed.class, event -> event.rollback().equals("r-reported"));
            assertThat(missed.phase()).isEqualTo("plan");
            assertThat(missed.targetMillis()).isEqualTo(1);
            assertThat(missed.tookMillis()).isGreaterThan(1);
            assertThat(suite.count(event -> event instanceof RollbackEvent.TargetMissed other
                            && other.rollback().equals("r-reported")))
                    .as("only what was missed is told, and once")
                    .isEqualTo(1);

            String html = get("rollbacks/r-reported/report.html", "text/html");
            assertThat(html)
                    .contains("&lt;script&gt;alert(1)&lt;/script&gt;", "&lt;b&gt;mallory&lt;/b&gt;")
                    .contains("<td>public.&quot;&lt;img src=x onerror=alert(2)&gt;|*t*&quot;</td><td>1</td>")
                    .contains("<dd>" + done.failedDatabase() + "</dd>", "<pre>ripcord rollback undo r-reported</pre>")
                    .contains("<td>request to plan</td>", "<td>MISSED</td>", "<td>request to outcome</td>")
                    .contains("COMPLETED", "Step fenced", "Verification passed", "Post-mortem")
                    .doesNotContain("<script", "<img", "<b>", "hunter2", "nobody may see", "\u202e");
            String markdown = get("rollbacks/r-reported/report.md", "text/markdown");
            assertThat(markdown)
                    .startsWith("# Incident report: rollback of reported\n")
                    .contains(
                            "\\<script\\>alert(1)\\</script\\> \\*\\*bold\\*\\* \\[a\\](http\\://evil.example) \\| cell")
                    .contains("```sh\nripcord rollback undo r-reported\n```")
                    .contains("| request to plan | ", "| 1.0 ms | MISSED |")
                    .doesNotContain("<script>", "\n# heading", "hunter2", "nobody may see", "\u202e");
            assertThat(markdown.lines().filter(line -> line.startsWith("|")))
                    .allSatisfy(line -> assertThat(line).endsWith(" |"));
        }
        People people = new People(service);
        assertThat(people.asks("ann", "requester", "rollbacks/r-reported/post-mortem", Map.of())
                        .status())
                .isEqualTo(202);
        assertThat(get("rollbacks/r-reported/report.md", "text/markdown")).contains("ann has said that it is done");
        assertThat(people.asks("ann", "requester", "rollbacks/none/post-mortem", Map.of())
                        .status())
                .isEqualTo(404);
        assertThat(people.looks("vic", "viewer", "rollbacks/none/report.md").status())
                .isEqualTo(404);
    }

    private String get(String path, String type) throws IOException, InterruptedException {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(service.resolve(path))
                                .header("Authorization", "Bearer " + Shops.TOKEN)
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue(type + ";charset=UTF-8");
        return answer.body();
    }

    private static void execute(String sql) throws SQLException {
        try (Connection connection = Shops.connect("reported");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
