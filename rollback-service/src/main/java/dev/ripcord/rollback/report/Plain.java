package dev.ripcord.rollback.report;

import dev.ripcord.events.Secrets;
import java.util.regex.Pattern;

/** Text that somebody else wrote, on one line, of bounded length, with nothing in it that cannot be seen, and no credentials. */
final class Plain {

    private static final int LONGEST = 2000;
    private static final Pattern SPACE = Pattern.compile("[\\s\\u00a0\\u2028\\u2029]+");

    private Plain() {}

    static String text(String said) {
        StringBuilder text = new StringBuilder();
        String spaced = SPACE.matcher(said.strip()).replaceAll(" ");
        Secrets.masked(spaced).codePoints().forEach(character -> append(character, text));
        return text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text.toString();
    }

    private static void append(int character, StringBuilder text) {
        switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> {
                for (char unit : Character.toChars(character)) text.append("\\u%04x".formatted((int) unit));
            }
            default -> text.appendCodePoint(character);
        }
    }
}
