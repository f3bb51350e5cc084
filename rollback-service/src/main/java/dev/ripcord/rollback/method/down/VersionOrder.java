package dev.ripcord.rollback.method.down;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Versions as people count: numbers by their value wherever they stand, all else by its letters. */
final class VersionOrder implements Comparator<String> {

    static final VersionOrder NATURAL = new VersionOrder();

    private static final Pattern PART = Pattern.compile("\\d+|\\D+");

    private VersionOrder() {}

    @Override
    public int compare(String one, String other) {
        List<String> ones = parts(one);
        List<String> others = parts(other);
        for (int i = 0; i < Math.min(ones.size(), others.size()); i++) {
            int order = part(ones.get(i), others.get(i));
            if (order != 0) return order;
        }
        return Integer.compare(ones.size(), others.size());
    }

    /** Whether both are the same number, however many zeros lead. */
    static boolean sameNumber(String one, String other) {
        return number(one) && number(other) && new BigInteger(one).equals(new BigInteger(other));
    }

    private static int part(String one, String other) {
        return number(one) && number(other)
                ? new BigInteger(one).compareTo(new BigInteger(other))
                : one.compareTo(other);
    }

    private static boolean number(String text) {
        return !text.isEmpty() && text.length() <= 100 && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static List<String> parts(String version) {
        List<String> parts = new ArrayList<>();
        Matcher matcher = PART.matcher(version);
        while (matcher.find()) parts.add(matcher.group());
        return parts;
    }
}
