package dev.ripcord.notifier.message;

import dev.ripcord.events.TableLoss;
import dev.ripcord.events.VerificationEvent.CheckResult;
import dev.ripcord.events.VerificationEvent.Verdict;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Values as people read them, short and without secrets. */
public final class Wording {

    private static final int LONGEST = 800;
    private static final int MOST_TABLES = 10;

    /** The names of secrets, whatever stands before them: {@code PGPASSWORD}, {@code client_secret}. */
    private static final String NAMES =
            "passw(?:or)?d|passphrase|(?<![a-z])pass|pwd|secret|token|(?:api|access|private)[_-]?key";

    private static final String QUOTED = "\"(?:[^\"\\\\]++|\\\\.)*+\"?|'(?:[^'\\\\]++|\\\\.|'')*+'?";

    /** As in {@code a=b}, {@code "a": "b"}, {@code a => 'b'} and SQL's {@code PASSWORD 'b'}; nothing in it is tried twice. */
    private static final Pattern NAMED = Pattern.compile(
            "(?is)((?:" + NAMES + ")(?:[\\\\\"']{0,4}+\\s*+(?:=>|:=|[=:])\\s*+|\\s++(?=')))(?:" + QUOTED + "|\\S++)");

    private static final Pattern ADDRESSES = Pattern.compile("://\\S++");

    private Wording() {}

    /** Text that somebody else wrote. */
    public static String text(String text) {
        String some = text.substring(0, Math.min(text.length(), 4 * LONGEST)).strip();
        String open = ADDRESSES.matcher(some).replaceAll(found -> Matcher.quoteReplacement(address(found.group())));
        String safe = NAMED.matcher(open).replaceAll("$1…");
        return safe.length() > LONGEST ? safe.substring(0, LONGEST) + "…" : safe;
    }

    /**
     * Without what stands before the host, which ends with the last at sign: a password may have one, and slashes too.
     *
     * @param address from its colon and slashes to the next blank, with other addresses in it where no blank parts them
     */
    private static String address(String address) {
        int at = address.lastIndexOf('@');
        for (int from = 0; from >= 0 && from < at; from = address.indexOf("://", from + 1)) {
            int end = from + 3;
            while (end < at && "/@:".indexOf(address.charAt(end)) < 0) end++;
            if (address.charAt(end) != '/') return address.substring(0, from + 3) + "…" + address.substring(at + 1);
        }
        return address;
    }

    static String millis(double millis) {
        if (millis < 1000) return Math.round(millis) + " ms";
        if (millis < 60_000) return String.format(Locale.ROOT, "%.1f s", millis / 1000);
        return String.format(Locale.ROOT, "%d min %d s", (long) millis / 60_000, (long) millis % 60_000 / 1000);
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
        return table.table() + ": " + table.inserted() + " inserted, " + table.updated() + " updated, "
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
        String first = text(check.findings().getFirst().subject());
        int more = check.findings().size() - 1;
        return " (" + first + (more > 0 ? " and " + more + " more" : "") + ")";
    }
}
