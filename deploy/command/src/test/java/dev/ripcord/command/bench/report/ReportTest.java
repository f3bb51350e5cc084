package dev.ripcord.command.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReportTest {

    private static final long GIGABYTE = 1_000_000_000;
    private static final Path PAGE = Path.of("target", "bench-report.html");

    @Test
    void aStraightLineIsFoundAgainWithNoError() {
        Fit fit = Fit.of(List.of(outage(GIGABYTE / 10, 60), outage(GIGABYTE, 150), outage(3 * GIGABYTE, 350)))
                .orElseThrow();

        assertThat(fit.atNothing()).isCloseTo(50, within(1e-6));
        assertThat(fit.perGigabyte()).isCloseTo(100, within(1e-6));
        assertThat(fit.error()).isCloseTo(0, within(1e-6));
        assertThat(fit.at(2 * GIGABYTE)).isCloseTo(250, within(1e-6));
    }

    @Test
    void oneSizeGivesNoLine() {
        assertThat(Fit.of(List.of(outage(GIGABYTE, 60), outage(GIGABYTE, 61), outage(GIGABYTE, 62))))
                .isEmpty();
    }

    @Test
    void theMedianOfRepeatsAndTheLongestOutageOfAllAreTold() {
        PeerFigures figures = PeerFigures.of(List.of(outage(GIGABYTE, 10), outage(GIGABYTE, 30), outage(GIGABYTE, 20)));

        assertThat(figures.outageMillisMedian()).isEqualTo(20);
        assertThat(figures.outageMillisMax()).isEqualTo(60);
        assertThat(figures.repeats()).isEqualTo(3);
    }

    @Test
    void thePageHasEveryMethodAndDrawsEveryRepeat() throws IOException {
        List<PeerFigures> all = new ArrayList<>();
        List<String> methods = List.of("pg_dump | gzip", "pg_dump -Fd -j2", "bare swap", "ripcord <clone>");
        for (long size : List.of(GIGABYTE / 10, GIGABYTE, 5 * GIGABYTE)) {
            for (String method : methods) {
                for (String version : List.of("15.1", "18.1")) {
                    double outage = method.startsWith("pg_dump") ? size / 1e5 : 80;
                    all.add(PeerFigures.of(IntStream.range(0, 3)
                            .mapToObj(i -> repeat(method, version, size, outage * (1 + i / 10.0)))
                            .toList()));
                }
            }
        }

        String page = Page.of(report(all));
        Files.writeString(PAGE, page);

        assertThat(page)
                .contains("ripcord &lt;clone&gt;", "pg_dump | gzip", "Other programs", "5.0 GB", "100 MB", "per GB")
                .doesNotContain("<clone>", "NOT_FOUND");
        assertThat(page.split("<circle", -1)).hasSize(1 + 2 * all.size() * 3);
        assertThat(page.split("<rect class=\"bar c", -1)).hasSize(1 + all.size());
    }

    private static Report report(List<PeerFigures> figures) {
        SuiteFigures suite = new SuiteFigures(
                "15.1",
                List.of(new SuiteFigures.ServiceFigures("snapshot-service", 2300, 240_000_000, 2.1, 14, 500)),
                GIGABYTE,
                1000,
                1700);
        return new Report(
                "./ripcord bench",
                61,
                Machine.here(),
                List.of("the same work before each repeat"),
                true,
                List.of("left out: pgBackRest"),
                figures,
                List.of(suite));
    }

    private static PeerRepeat outage(long bytes, double millis) {
        return repeat("bare swap", "15.1", bytes, millis);
    }

    private static PeerRepeat repeat(String method, String version, long bytes, double outage) {
        return new PeerRepeat(method, version, bytes, 10, 1, 20, 30, outage * 2, outage, outage * 2, 0.9, 4, bytes, 0);
    }
}
