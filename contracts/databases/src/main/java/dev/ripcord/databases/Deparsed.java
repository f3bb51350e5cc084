package dev.ripcord.databases;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A definition as PostgreSQL writes it out, in the form that it keeps. A parser that reads {@code ARRAY[a, b]::t[]} again, as
 * a restore does, makes {@code ARRAY[a::t, b::t]} of it ({@code transformArrayExpr} of {@code parse_expr.c}): the same
 * expression, and the next time another text. {@code status in ('new', 'paid')} of a {@code varchar} is one of these. And a
 * column of a subquery that is a constant has no name at first, and its type's name the next time.
 */
public final class Deparsed {

    private static final String ARRAY = "ARRAY[";

    /** The cast of an array whose elements the parser would cast instead. */
    private static final Pattern CAST = Pattern.compile("::((?:[^\\s'\\[\\],:=<>;]|(?<=\\w) (?=\\w))+)\\[\\]");

    private static final String TYPE = "::(?:[^\\s'\\[\\],:=<>;()]|(?<=\\w) (?=\\w))+(?:\\([\\d, ]+\\))?(?:\\[\\])*";
    private static final Pattern CASTS = Pattern.compile("(?:" + TYPE + ")+");

    private static final Pattern GROUP =
            Pattern.compile("'(?:[^']|'')*+'|\"(?:[^\"]|\"\")*+\"|\\([^()\\[\\]]*+\\)|\\[[^()\\[\\]]*+\\]"
                    // the innermost of them, when nothing else is left in it
                    + "|\\bCASE\\b(?:(?!\\b(?:CASE|END)\\b)[^'\"()\\[\\]])*+\\bEND\\b");
    private static final Pattern COMPOUND = Pattern.compile("[\\s+*/<>=~!@#%^&|`?-]");

    private static final String NAME = "\"+[^\"]+\"+";
    /** A constant's cast with a name: the cast, the type without its schema, the name. PostgreSQL reads this pattern too. */
    static final String NAMED_CONSTANT = "(?<='|NULL)(::(?:(?:[a-z_]\\w*|" + NAME + ")\\.)?([a-z_][\\w ]*?|" + NAME
            + ")(?:\\([0-9,]+\\))?(?:\\[\\])*) AS (\\w+|" + NAME + ")";

    private static final Pattern NAMED = Pattern.compile(NAMED_CONSTANT);
    /** Types whose name in the catalogue is another than the one that is written. */
    private static final Map<String, String> CATALOGUE = Map.ofEntries(
            Map.entry("integer", "int4"),
            Map.entry("bigint", "int8"),
            Map.entry("smallint", "int2"),
            Map.entry("boolean", "bool"),
            Map.entry("character varying", "varchar"),
            Map.entry("character", "bpchar"),
            Map.entry("bit varying", "varbit"),
            Map.entry("real", "float4"),
            Map.entry("double precision", "float8"),
            Map.entry("time without time zone", "time"),
            Map.entry("time with time zone", "timetz"),
            Map.entry("timestamp without time zone", "timestamp"),
            Map.entry("timestamp with time zone", "timestamptz"));

    /** Brackets and commas, and what may hold any of them; a name's quotes are double in a row's text. */
    private static final Pattern BRACKETS = Pattern.compile("'(?:[^']|'')*+'|\"\"(?:[^\"]|\"\"\"\")*+\"\"|[()\\[\\],]");

    private final String text;
    private int at;

    private Deparsed(String text) {
        this.text = text;
    }

    /** The definition with each cast of an array written at its elements, and without the names that a parser makes up. */
    public static String settled(String definition) {
        return new Deparsed(definition).read();
    }

    /**
     * The same of a definition of which PostgreSQL has no form without parentheses that a restore does not nest otherwise: they
     * are left out, except those of calls and those that hold a list.
     */
    public static String opened(String definition) {
        return open(settled(open(definition)));
    }

    private static String open(String text) {
        Deque<Integer> begun = new ArrayDeque<>();
        BitSet needed = new BitSet();
        BitSet needless = new BitSet();
        Matcher brackets = BRACKETS.matcher(text);
        while (brackets.find()) {
            int here = brackets.start();
            char c = text.charAt(here);
            if (c == '(' || c == '[') begun.push(here);
            if (begun.isEmpty()) continue;
            if (c == ',') needed.set(begun.peek());
            if (c != ')' && c != ']') continue;
            int from = begun.pop();
            if (c == ']' || text.charAt(from) == '[' || needed.get(from) || calls(text, from)) continue;
            needless.set(from);
            needless.set(here);
        }
        StringBuilder out = new StringBuilder();
        for (int each = 0; each < text.length(); each++) if (!needless.get(each)) out.append(text.charAt(each));
        return out.toString();
    }

    /** Whether the parenthesis follows a name. */
    private static boolean calls(String text, int parenthesis) {
        if (parenthesis == 0) return false;
        char before = text.charAt(parenthesis - 1);
        return before == '_' || before == '"' || Character.isLetterOrDigit(before);
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
        else if (c == ':' && named() instanceof Matcher named) {
            out.append(named.group(1));
            at = named.end();
        } else {
            out.append(c);
            at++;
        }
    }

    /** A constant's cast with a name that is its type's own. */
    private @Nullable Matcher named() {
        Matcher named = NAMED.matcher(text).region(at, text.length()).useTransparentBounds(true);
        if (!named.lookingAt()) return null;
        String type = named.group(2);
        return CATALOGUE.getOrDefault(type, unquoted(type)).equals(unquoted(named.group(3))) ? named : null;
    }

    private static String unquoted(String name) {
        return name.replace("\"", "");
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
            next(element);
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
        return "::" + cast.group(1);
    }

    private static String written(List<String> elements, String cast) {
        List<String> written = new ArrayList<>();
        for (String each : elements) {
            String element = bare(each.strip());
            if (cast.isEmpty()) written.add(element);
            else if (nested(element)) written.add(new Deparsed(element).array(cast));
            else written.add(simple(element) ? element + cast : "(" + element + ")" + cast);
        }
        return ARRAY + String.join(", ", written) + "]";
    }

    /** Whether the element is an array and nothing else. */
    private static boolean nested(String element) {
        if (!element.startsWith(ARRAY)) return false;
        Deparsed reader = new Deparsed(element);
        reader.array("");
        return reader.at == element.length();
    }

    /** Without the parentheses around what needs none, alone or in front of casts. */
    private static String bare(String element) {
        if (!element.startsWith("(")) return element;
        int end = closing(element);
        if (end < 0) return element;
        String inner = bare(element.substring(1, end).strip());
        String rest = element.substring(end + 1);
        if (rest.isEmpty()) return inner;
        if (!CASTS.matcher(rest).matches()) return element;
        return simple(inner) ? inner + rest : "(" + inner + ")" + rest;
    }

    /** Where the parenthesis closes that it begins with; -1 where it does not. */
    private static int closing(String element) {
        int depth = 0;
        Deparsed reader = new Deparsed(element);
        while (reader.at < element.length()) {
            char c = element.charAt(reader.at);
            if (c == '\'') {
                reader.literal();
                continue;
            }
            if (c == '(') depth++;
            if (c == ')' && --depth == 0) return reader.at;
            reader.at++;
        }
        return -1;
    }

    /** What a cast can follow without parentheses ({@code isSimpleNode} of {@code ruleutils.c}). */
    private static boolean simple(String element) {
        String open = element;
        String before;
        do {
            before = open;
            open = GROUP.matcher(open).replaceAll("_");
        } while (!open.equals(before));
        return !COMPOUND.matcher(CASTS.matcher(open).replaceAll("")).find();
    }
}
