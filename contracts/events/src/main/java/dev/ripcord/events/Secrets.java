package dev.ripcord.events;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Passwords and tokens in what people and servers wrote, known by their names or by their place. */
public final class Secrets {

    /** The names of secrets, whatever stands before them: {@code PGPASSWORD}, {@code client_secret}. */
    private static final String NAMES =
            "passw(?:or)?d|passphrase|(?<![a-z])pass|pwd|secret|token|(?:api|access|private)[_-]?key";

    private static final String QUOTED = "\"(?:[^\"\\\\]++|\\\\.)*+\"?|'(?:[^'\\\\]++|\\\\.|'')*+'?";

    /** As in {@code a=b}, {@code "a": "b"}, {@code a => 'b'} and SQL's {@code PASSWORD 'b'}; nothing in it is tried twice. */
    private static final Pattern NAMED = Pattern.compile(
            "(?is)((?:" + NAMES + ")(?:[\\\\\"']{0,4}+\\s*+(?:=>|:=|[=:])\\s*+|\\s++(?=')))(?:" + QUOTED + "|\\S++)");

    /** As in a header; what a shell puts there when it is asked is none yet. */
    private static final Pattern BEARER = Pattern.compile("(?i)\\b(bearer\\s++)(?!\\$)[^\\s\",;]++");

    private static final Pattern ADDRESSES = Pattern.compile("://\\S++");

    private Secrets() {}

    /** The same text with an ellipsis for each of them. */
    public static String masked(String text) {
        String open = ADDRESSES.matcher(text).replaceAll(found -> Matcher.quoteReplacement(address(found.group())));
        return BEARER.matcher(NAMED.matcher(open).replaceAll("$1…")).replaceAll("$1…");
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
}
