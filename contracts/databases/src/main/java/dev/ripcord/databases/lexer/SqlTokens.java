package dev.ripcord.databases.lexer;

import dev.ripcord.databases.lexer.Token.Kind;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The words, names, literals and symbols of SQL, one after the other; comments are passed over. */
final class SqlTokens {

    private static final Pattern DOLLAR = Pattern.compile("\\$(?:[\\p{L}_][\\p{L}\\p{N}_]*)?\\$");

    private final String sql;
    private int at;
    private int line = 1;
    private boolean open;
    private boolean commented;

    SqlTokens(String sql) {
        this.sql = sql.startsWith("\uFEFF") ? sql.substring(1) : sql;
    }

    /** What was written from one place to another. */
    String between(int from, int to) {
        return sql.substring(from, to);
    }

    /** Whether a quote or a comment had no end. */
    boolean leftOpen() {
        return open;
    }

    /** Whether there was a comment. */
    boolean commented() {
        return commented;
    }

    Optional<Token> next() {
        passOver();
        if (at >= sql.length()) return Optional.empty();
        int from = at;
        int startLine = line;
        Kind kind = piece();
        String shown = sql.substring(from, at);
        line += (int) shown.chars().filter(c -> c == '\n').count();
        String text = switch (kind) {
            case word -> shown.toUpperCase(Locale.ROOT);
            case name ->
                shown.length() < 2 ? "" : shown.substring(1, shown.length() - 1).replace("\"\"", "\"");
            case literal -> "";
            case symbol -> shown;
        };
        return Optional.of(new Token(kind, text, shown, startLine, from));
    }

    private Kind piece() {
        char c = sql.charAt(at);
        if (c == '\'') return quoted('\'', false, Kind.literal);
        if (c == '"') return quoted('"', false, Kind.name);
        if (c == '$') return dollar();
        if (isWordStart(c)) return word();
        if (Character.isDigit(c)) {
            while (at < sql.length() && isWordPart(sql.charAt(at))) at++;
            return Kind.literal;
        }
        at++;
        return Kind.symbol;
    }

    private void passOver() {
        while (at < sql.length()) {
            if (sql.startsWith("--", at)) {
                commented = true;
                int end = sql.indexOf('\n', at);
                at = end < 0 ? sql.length() : end;
            } else if (sql.startsWith("/*", at)) {
                comment();
            } else if (Character.isWhitespace(sql.charAt(at))) {
                if (sql.charAt(at) == '\n') line++;
                at++;
            } else {
                return;
            }
        }
    }

    private void comment() {
        commented = true;
        int depth = 0;
        do {
            if (sql.startsWith("/*", at)) {
                depth++;
                at += 2;
            } else if (sql.startsWith("*/", at)) {
                depth--;
                at += 2;
            } else {
                if (sql.charAt(at) == '\n') line++;
                at++;
            }
        } while (depth > 0 && at < sql.length());
        if (depth > 0) open = true;
    }

    /** A doubled quote reads as the end of one and the beginning of the next, so both are taken as one piece. */
    private Kind quoted(char quote, boolean escapes, Kind kind) {
        at++;
        while (at < sql.length()) {
            char c = sql.charAt(at);
            boolean doubled = c == quote && at + 1 < sql.length() && sql.charAt(at + 1) == quote;
            if (c == quote && !doubled) {
                at++;
                return kind;
            }
            at += doubled || (escapes && c == '\\') ? 2 : 1;
        }
        at = sql.length();
        open = true;
        return kind;
    }

    private Kind dollar() {
        Matcher tag = DOLLAR.matcher(sql).region(at, sql.length());
        if (!tag.lookingAt()) {
            at++;
            return Kind.symbol;
        }
        int close = sql.indexOf(tag.group(), tag.end());
        if (close < 0) open = true;
        at = close < 0 ? sql.length() : close + tag.group().length();
        return Kind.literal;
    }

    private Kind word() {
        int from = at;
        while (at < sql.length() && isWordPart(sql.charAt(at))) at++;
        boolean escapes = at - from == 1
                && (sql.charAt(from) == 'e' || sql.charAt(from) == 'E')
                && at < sql.length()
                && sql.charAt(at) == '\'';
        return escapes ? quoted('\'', true, Kind.literal) : Kind.word;
    }

    private static boolean isWordStart(char c) {
        return Character.isLetter(c) || c == '_' || c >= 0x80;
    }

    private static boolean isWordPart(char c) {
        return isWordStart(c) || Character.isDigit(c) || c == '$';
    }
}
