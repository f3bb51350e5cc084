package dev.ripcord.command.sample;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How large the sample database is to be, about.
 *
 * @param megabytes at least 1
 */
public record Size(long megabytes) {

    private static final Pattern TEXT = Pattern.compile("(\\d+)\\s*(MB|GB)");

    public Size {
        if (megabytes < 1 || megabytes > 100_000) {
            throw new IllegalArgumentException("a size between 1MB and 100GB is expected");
        }
    }

    /** From text such as {@code 100MB} or {@code 1GB}. */
    public static Size of(String text) {
        Matcher matcher = TEXT.matcher(text.strip().toUpperCase(Locale.ROOT));
        if (!matcher.matches())
            throw new IllegalArgumentException("a size such as 100MB or 1GB is expected, not " + text);
        long number = Long.parseLong(matcher.group(1));
        return new Size(matcher.group(2).equals("GB") ? number * 1000 : number);
    }

    /** What a stack with this sample needs on the disk: the live database, its snapshot, the shadow, logs, room to spare. */
    public long bytesNeeded() {
        return (megabytes * 6 + 1500) << 20;
    }

    double scale() {
        return megabytes / 100.0;
    }

    @Override
    public String toString() {
        return megabytes >= 1000 && megabytes % 1000 == 0 ? megabytes / 1000 + "GB" : megabytes + "MB";
    }
}
