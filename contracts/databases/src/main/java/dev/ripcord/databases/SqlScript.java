package dev.ripcord.databases;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Cuts SQL into its statements by PostgreSQL's own rules: quotes, dollar quotes, nested comments, parentheses, and
 * function bodies between {@code BEGIN ATOMIC} and {@code END}.
 */
public final class SqlScript {

    /**
     * One statement.
     *
     * @param text as written
     * @param bare its words in capitals and single spaces, without comments and without what stands between quotes
     */
    public record Statement(String text, String bare) {}

    private static final Pattern DOLLAR = Pattern.compile("\\$(?:[\\p{L}_][\\p{L}\\p{N}_]*)?\\$");
    private static final Pattern ROUTINE = Pattern.compile("CREATE (OR REPLACE )?(FUNCTION|PROCEDURE) .*");

    private final String sql;
    private final List<Statement> statements = new ArrayList<>();
    private final StringBuilder bare = new StringBuilder();
    private int at;
    private int start;
    private int parentheses;
    private int bodies;

    private SqlScript(String sql) {
        this.sql = sql.startsWith("\uFEFF") ? sql.substring(1) : sql;
    }

    /** Those that say something: a comment alone is none. */
    public static List<Statement> statements(String sql) {
        SqlScript script = new SqlScript(sql);
        while (script.at < script.sql.length()) script.next();
        script.end();
        return List.copyOf(script.statements);
    }

    private void next() {
        char c = sql.charAt(at);
        if (sql.startsWith("--", at)) {
            int end = sql.indexOf('\n', at);
            at = end < 0 ? sql.length() : end;
        } else if (sql.startsWith("/*", at)) {
            comment();
        } else if (c == '\'') {
            quoted('\'', false);
        } else if (c == '"') {
            quoted('"', false);
        } else if (c == '$') {
            dollar();
        } else if (wordStart(c)) {
            word();
        } else if (c == ';' && parentheses <= 0 && bodies == 0) {
            end();
            at++;
            start = at;
        } else {
            if (c == '(') parentheses++;
            if (c == ')') parentheses--;
            bare.append(Character.isWhitespace(c) ? ' ' : c);
            at++;
        }
    }

    private void end() {
        String words = words();
        if (!words.isEmpty())
            statements.add(new Statement(sql.substring(start, at).strip(), words));
        bare.setLength(0);
        parentheses = 0;
        bodies = 0;
    }

    private String words() {
        return bare.toString().replaceAll("\\s+", " ").strip();
    }

    private void comment() {
        int depth = 0;
        do {
            if (sql.startsWith("/*", at)) {
                depth++;
                at += 2;
            } else if (sql.startsWith("*/", at)) {
                depth--;
                at += 2;
            } else {
                at++;
            }
        } while (depth > 0 && at < sql.length());
        at = Math.min(at, sql.length());
        bare.append(' ');
    }

    private void quoted(char quote, boolean escapes) {
        at++;
        while (at < sql.length() && sql.charAt(at) != quote) at += escapes && sql.charAt(at) == '\\' ? 2 : 1;
        at = Math.min(at + 1, sql.length());
        bare.append(quote).append(quote);
    }

    private void dollar() {
        Matcher tag = DOLLAR.matcher(sql).region(at, sql.length());
        if (!tag.lookingAt()) {
            bare.append('$');
            at++;
            return;
        }
        int close = sql.indexOf(tag.group(), tag.end());
        at = close < 0 ? sql.length() : close + tag.group().length();
        bare.append("$$");
    }

    private void word() {
        int from = at;
        while (at < sql.length()
                && (wordStart(sql.charAt(at)) || Character.isDigit(sql.charAt(at)) || sql.charAt(at) == '$')) at++;
        String word = sql.substring(from, at).toUpperCase(Locale.ROOT);
        if (word.equals("E") && at < sql.length() && sql.charAt(at) == '\'') {
            quoted('\'', true);
            return;
        }
        if (parentheses == 0) body(word);
        bare.append(word);
    }

    private void body(String word) {
        switch (word) {
            case "BEGIN" -> {
                if (ROUTINE.matcher(words()).matches()) bodies++;
            }
            case "CASE" -> {
                if (bodies > 0) bodies++;
            }
            case "END" -> {
                if (bodies > 0) bodies--;
            }
            default -> {}
        }
    }

    private static boolean wordStart(char c) {
        return Character.isLetter(c) || c == '_' || c >= 0x80;
    }
}
