package dev.ripcord.rollback.method.down;

import java.util.Collection;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Names from files and tables as they may stand in a message: on one line, and not for ever. */
final class Shown {
    private static final int LENGTH = 100;
    private static final int WORDS = 1000;
    private static final int MANY = 20;

    private Shown() {}

    static String name(String name) {
        String line = name.replaceAll("\\p{Cntrl}", "?");
        return line.length() > LENGTH ? line.substring(0, LENGTH) + "…" : line;
    }

    /** What a program said, on one line. */
    static String message(@Nullable String message) {
        String line = String.valueOf(message).strip().replaceAll("[\\p{Cntrl}\\s]+", " ");
        return line.length() > WORDS ? "…" + line.substring(line.length() - WORDS) : line;
    }

    static String names(Collection<String> names) {
        if (names.isEmpty()) return "none";
        String first = names.stream().limit(MANY).map(Shown::name).collect(Collectors.joining(", "));
        return names.size() > MANY ? first + " and " + (names.size() - MANY) + " more" : first;
    }
}
