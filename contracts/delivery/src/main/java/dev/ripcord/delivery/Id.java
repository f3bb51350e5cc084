package dev.ripcord.delivery;

import org.jspecify.annotations.Nullable;

/** An id that somebody outside chose. It goes into lines of logs and messages to people, so each character is one that is seen. */
public final class Id {

    /** In characters. */
    public static final int LONGEST = 200;

    private Id() {}

    /**
     * Looks at an id.
     *
     * @param what whose id, for the message
     * @throws IllegalArgumentException which says what was expected
     */
    public static void require(String what, @Nullable String id) {
        if (!holds(id)) {
            throw new IllegalArgumentException(
                    what + " has an id of 1 to " + LONGEST + " characters, without line breaks and invisible ones");
        }
    }

    /** Whether it is one that {@link #require} lets pass. */
    public static boolean holds(@Nullable String id) {
        return id != null
                && !id.isBlank()
                && id.length() <= LONGEST
                && id.codePoints().noneMatch(Id::unseen);
    }

    private static boolean unseen(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }
}
