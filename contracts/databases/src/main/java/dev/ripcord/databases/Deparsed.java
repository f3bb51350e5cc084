package dev.ripcord.databases;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A definition as PostgreSQL writes it out, in the form that it keeps. A parser that reads {@code ARRAY[a, b]::t[]} again, as
 * a restore does, makes {@code ARRAY[a::t, b::t]} of it ({@code transformArrayExpr} of {@code parse_expr.c}): the same
 * expression, and the next time another text. {@code status in ('new', 'paid')} of a {@code varchar} is one of these.
 */
final class Deparsed {

    private static final String ARRAY = "ARRAY[";

    /** The cast of an array whose elements the parser would cast instead. */
    private static final Pattern CAST = Pattern.compile("::((?:[^\\s'\\[\\],:=<>;]|(?<=\\w) (?=\\w))+)\\[\\]");

    private final String text;
    private int at;

    private Deparsed(String text) {
        this.text = text;
    }

    /** The definition with each cast of an array written at its elements, which lose their parentheses and spaces. */
    static String settled(String definition) {
        return new Deparsed(definition).read();
    }

    private String read() {
        StringBuilder out = new StringBuilder();
        while (at < text.length()) next(out);
        return out.toString();
    }

    private void next(StringBuilder out) {
        char c = text.charAt(at);
        if (c == '\'') out.append(literal());
        else if (text.startsWith(ARRAY, at)) out.append(array(""));
        else {
            out.append(c);
            at++;
        }
    }

    /** A literal to its end, as it stands; one without an end is part of a function's body. */
    private String literal() {
        int from = at++;
        while (at < text.length()) {
            boolean end = text.charAt(at++) == '\'';
            if (end && (at == text.length() || text.charAt(at) != '\'')) break;
            if (end) at++;
        }
        return text.substring(from, at);
    }

    private String array(String castAround) {
        int from = at;
        at += ARRAY.length();
        List<String> elements = new ArrayList<>();
        StringBuilder element = new StringBuilder();
        int depth = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == ']' && depth == 0) break;
            if (c == ',' && depth == 0) {
                elements.add(element.toString());
                element.setLength(0);
                at++;
                continue;
            }
            if (c == '[' || c == '(') depth++;
            if (c == ']' || c == ')') depth--;
            if (c == '(' || c == ')' || Character.isWhitespace(c)) at++;
            else next(element);
        }
        if (at == text.length()) return text.substring(from);
        elements.add(element.toString());
        at++;
        return written(elements, cast() + castAround);
    }

    /** The cast that follows, read over. */
    private String cast() {
        Matcher cast = CAST.matcher(text).region(at, text.length()).useTransparentBounds(true);
        if (!cast.lookingAt()) return "";
        at = cast.end();
        return "::" + cast.group(1).replace(" ", "");
    }

    private static String written(List<String> elements, String cast) {
        List<String> written = new ArrayList<>();
        for (String element : elements) {
            boolean nested = element.startsWith(ARRAY) && element.endsWith("]");
            written.add(nested && !cast.isEmpty() ? new Deparsed(element).array(cast) : element + cast);
        }
        return ARRAY + String.join(",", written) + "]";
    }
}
