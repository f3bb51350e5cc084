package dev.ripcord.notifier.message;

import dev.ripcord.events.Plan;
import dev.ripcord.events.Secrets;
import dev.ripcord.events.TableLoss;
import dev.ripcord.events.VerificationEvent.CheckResult;
import dev.ripcord.events.VerificationEvent.Verdict;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Values as people read them, short and without secrets. */
public final class Wording {

    private static final int LONGEST = 800;
    private static final int MOST_TABLES = 10;

    private Wording() {}

    /** Text that somebody else wrote. */
    public static String text(String text) {
        String safe = Secrets.masked(text).strip();
        if (safe.length() <= LONGEST) return safe;
        // half of a character cannot be told
        return safe.substring(0, LONGEST).replaceFirst("[\\uD800-\\uDBFF]$", "") + "…";
    }

    /** The same in one line: what somebody wrote draws no line that looks like one of ours. */
    static String line(String text) {
        return text(text).replaceAll("\\s*\\R\\s*", " ");
    }

    static String millis(double millis) {
        if (millis < 1000) return Math.round(millis) + " ms";
        if (millis < 60_000) return String.format(Locale.ROOT, "%.1f s", millis / 1000);
        return String.format(Locale.ROOT, "%d min %d s", (long) millis / 60_000, (long) millis % 60_000 / 1000);
    }

    static String loss(String method, List<TableLoss> loss) {
        return loss.isEmpty() && !Plan.Losses.countedBy(method) ? "not counted" : loss(loss);
    }

    static String loss(List<TableLoss> loss) {
        List<TableLoss> losing = loss.stream()
                .filter(table -> table.inserted() + table.updated() + table.deleted() > 0)
                .toList();
        if (losing.isEmpty()) return "no rows";
        String tables = losing.stream().limit(MOST_TABLES).map(Wording::loss).collect(Collectors.joining("\n"));
        return losing.size() <= MOST_TABLES
                ? tables
                : tables + "\nand " + (losing.size() - MOST_TABLES) + " more tables";
    }

    private static String loss(TableLoss table) {
        return line(table.table()) + ": " + table.inserted() + " inserted, " + table.updated() + " updated, "
                + table.deleted() + " deleted" + (table.exact() ? "" : " (estimate)");
    }

    /** Which checks did not pass, and of what: the values that were found may be data, and are left out. */
    static String checks(List<CheckResult> checks) {
        return checks.stream()
                .filter(check -> check.verdict() != Verdict.passed)
                .limit(MOST_TABLES)
                .map(check -> check.check() + ": " + check.verdict() + subjects(check))
                .collect(Collectors.joining("\n"));
    }

    private static String subjects(CheckResult check) {
        if (check.findings().isEmpty()) return "";
        String first = line(check.findings().getFirst().subject());
        int more = check.findings().size() - 1;
        return " (" + first + (more > 0 ? " and " + more + " more" : "") + ")";
    }
}
