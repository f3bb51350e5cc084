package dev.ripcord.command.bench;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** One way back beside the runbook's, in milliseconds; an outage is the longest that a client was without a success. */
final class Compared {

    final String what;
    private final String besides;
    private final Series outage = new Series();
    private final Series snapshot = new Series();
    private final Series duration = new Series();
    private final Series outageByHand = new Series();
    private final Series durationByHand = new Series();

    Compared(String what, String besides) {
        this.what = what;
        this.besides = besides;
    }

    /** One round; {@code pause} is what of the outage the snapshot before the change may have taken. */
    void add(double gap, double pause, double millis, double gapByHand, double millisByHand) {
        outage.add(gap);
        snapshot.add(pause);
        duration.add(millis);
        outageByHand.add(gapByHand);
        durationByHand.add(millisByHand);
    }

    /** Medians, with the ratio to the runbook's below. */
    String lines() {
        return String.format(
                Locale.ROOT,
                "%-32s%10.0f%10.0f%12.0f%n  %-30s%10.0f%10s%12.0f%n  %-30s%10.2f%10s%12.2f",
                what,
                outage.median(),
                snapshot.median(),
                duration.median(),
                besides,
                outageByHand.median(),
                "",
                durationByHand.median(),
                "ratio",
                outage.median() / outageByHand.median(),
                "",
                duration.median() / durationByHand.median());
    }

    Map<String, Object> figures() {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("outageMillis", outage.values());
        figures.put("snapshotPauseMillis", snapshot.values());
        figures.put("durationMillis", duration.values());
        figures.put("runbook", besides);
        figures.put("runbookOutageMillis", outageByHand.values());
        figures.put("runbookDurationMillis", durationByHand.values());
        figures.put("outageRatio", outage.median() / outageByHand.median());
        figures.put("durationRatio", duration.median() / durationByHand.median());
        return figures;
    }
}
