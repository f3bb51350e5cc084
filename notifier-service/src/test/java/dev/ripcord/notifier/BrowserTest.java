package dev.ripcord.notifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ripcord.events.Plan;
import dev.ripcord.events.RollbackEvent;
import dev.ripcord.events.RollbackOutcomeEvent;
import dev.ripcord.events.RollbackRequestEvent;
import dev.ripcord.events.TableLoss;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The public page as a browser shows it; the pictures are in {@code target/pictures}. */
@QuarkusTest
@QuarkusTestResource(Infrastructure.class)
class BrowserTest {

    private static final String HOSTILE =
            "<img src=x onerror=\"document.title='caught'\"><script>document.title='caught'</script>";
    private static final String LONG = "a_name_without_any_place_to_break_it_".repeat(12);

    @TempDir
    Path folder;

    @BeforeAll
    static void chromium() {
        assumeTrue(
                Files.isExecutable(Browser.PROGRAM),
                "the page is shown in Chromium only where that is: apt-get install chromium");
    }

    @ParameterizedTest(name = "{0} pixels wide")
    @CsvSource({"390, 844", "1280, 900"})
    void open_and_past_rollbacks_are_readable_without_scrolling_sideways(int width, int height) throws Exception {
        String open = "open-" + UUID.randomUUID();
        String past = "past-" + UUID.randomUUID();
        tell(open, past);
        URI address = ConfigProvider.getConfig().getValue("test.url", URI.class);
        try (Browser browser = new Browser(folder)) {
            browser.show(address, width, height);
            browser.picture(Path.of("target", "pictures", "status-page-" + width + ".png"));
            assertThat(browser.evaluate("window.innerWidth").asInt()).isEqualTo(width);
            assertThat(browser.evaluate("document.documentElement.scrollWidth").asInt())
                    .as("nothing is wider than the window")
                    .isLessThanOrEqualTo(width);
            assertThat(browser.evaluate("[...document.querySelectorAll('body *')]"
                                    + ".filter(each => each.getBoundingClientRect().right > innerWidth + 1).length")
                            .asInt())
                    .as("nor hidden beyond its edge")
                    .isZero();
            assertThat(browser.evaluate("Math.min(...[...document.querySelectorAll('article th:first-child')]"
                                    + ".map(each => each.getBoundingClientRect().width).filter(each => each > 0))")
                            .asInt())
                    .as("the name of a table is not squeezed to a letter a line")
                    .isGreaterThan(200);
            String text = browser.evaluate("document.body.innerText").asText();
            assertThat(text).contains(open, past, HOSTILE, LONG, "waiting for approval", "completed");
            assertThat(browser.evaluate("document.title").asText()).isEqualTo("Rollback open · Ripcord");
            assertThat(browser.evaluate("document.querySelectorAll('img, script, iframe, object').length")
                            .asInt())
                    .isZero();
            assertThat(browser.evaluate("document.querySelector('.state').getBoundingClientRect().bottom < innerHeight")
                            .asBoolean())
                    .as("how things stand is seen at once")
                    .isTrue();
        }
    }

    private static void tell(String open, String past) throws InterruptedException {
        List<TableLoss> loss = List.of(
                new TableLoss("public.orders", 3_456_789, 2, 1, false),
                new TableLoss("public.\"" + HOSTILE + "\"", 1, 0, 0, true),
                new TableLoss(LONG, 9_000_000_000L, 8_000_000_000L, 7_000_000_000L, false));
        Plan plan = new Plan("full", "s1", Instant.now(), true, true, loss, 40, "word", "CONFIRM_FULL_RESTORE", "hash");
        try (Subscriber suite = new Subscriber()) {
            suite.send(new RollbackRequestEvent.Requested(HOSTILE, open, LONG, null, null, HOSTILE, LONG));
            suite.send(new RollbackEvent.Planned(HOSTILE, open, plan));
            suite.send(new RollbackOutcomeEvent.Completed(
                    LONG, past, "s1", LONG, 41.5, 1234, loss, List.of(), "ripcord rollback undo " + LONG, null));
            suite.send(new RollbackRequestEvent.Requested(LONG, past, HOSTILE, null, null, LONG, HOSTILE));
            ShownPage page = new ShownPage();
            await().atMost(Duration.ofSeconds(20))
                    .until(() ->
                            page.incident("open", open).path("state").asText().equals("waiting")
                                    && page.incident("past", past)
                                            .path("reason")
                                            .asText()
                                            .equals(LONG));
        }
    }
}
