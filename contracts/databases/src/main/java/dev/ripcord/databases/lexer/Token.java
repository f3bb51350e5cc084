package dev.ripcord.databases.lexer;

/**
 * One piece of SQL.
 *
 * @param text a word in capitals, a quoted name without its quotes, a symbol; empty for a literal
 * @param shown as written
 * @param from where it begins, in characters
 */
public record Token(Kind kind, String text, String shown, int line, int from) {

    /** What a piece can be. */
    public enum Kind {
        word,
        name,
        literal,
        symbol
    }

    /** Whether it is this word, in capitals, or this symbol. */
    public boolean is(String expected) {
        return (kind == Kind.word || kind == Kind.symbol) && text.equals(expected);
    }

    int end() {
        return from + shown.length();
    }
}
