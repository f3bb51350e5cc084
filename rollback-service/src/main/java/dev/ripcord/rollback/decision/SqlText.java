package dev.ripcord.rollback.decision;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Cuts SQL into statements and words by PostgreSQL's rules for quotes, dollar quotes, comments, parentheses and function
 * bodies. A parser with a whole grammar would know less: those for the JVM refuse much of PostgreSQL's DDL (policies, DO,
 * ALTER TABLE's rarer forms), and one refused statement leaves nothing known of the others.
 */
final class SqlText {

    enum Kind {
        word,
        name,
        literal,
        symbol
    }

    /**
     * One piece.
     *
     * @param text a word in capitals, a quoted name without its quotes, a symbol; empty for a literal
     * @param shown as written
     */
    record Token(Kind kind, String text, String shown, int line) {
        boolean is(String expected) {
            return (kind == Kind.word || kind == Kind.symbol) && text.equals(expected);
        }
    }

    private final SqlTokens tokens;
    private final List<List<Token>> statements = new ArrayList<>();
    private List<Token> statement = new ArrayList<>();
    private int parentheses;
    private int bodies;

    private SqlText(String sql) {
        this.tokens = new SqlTokens(sql);
    }

    /** The statements; empty where a quote, a comment or a bracket is left open, or psql's own commands are in between. */
    static Optional<List<List<Token>>> statements(String sql) {
        return new SqlText(sql).read();
    }

    /** Whether this is one statement, without a semicolon or a comment. */
    static boolean isOneStatement(String sql) {
        if (sql.indexOf('\0') >= 0) return false;
        SqlTokens tokens = new SqlTokens(sql);
        for (Optional<Token> next = tokens.next(); next.isPresent(); next = tokens.next()) {
            if (next.get().is(";")) return false;
        }
        return !tokens.commented()
                && statements(sql).filter(all -> all.size() == 1).isPresent();
    }

    /** Whether this is one type, expression or definition: nothing in it ends it, nor begins another beside it. */
    static boolean isOneExpression(String sql) {
        if (!isOneStatement(sql)) return false;
        int depth = 0;
        for (Token token : statements(sql).orElseThrow().getFirst()) {
            if (token.is("(") || token.is("[")) depth++;
            if (token.is(")") || token.is("]")) depth--;
            if (depth < 0 || (token.is(",") && depth == 0)) return false;
        }
        return depth == 0;
    }

    private Optional<List<List<Token>>> read() {
        for (Optional<Token> next = tokens.next(); next.isPresent(); next = tokens.next()) {
            Token token = next.get();
            if (token.is("\\")) return Optional.empty();
            if (token.is(";") && parentheses == 0 && bodies == 0) {
                end();
                continue;
            }
            if (token.is("(")) parentheses++;
            if (token.is(")") && --parentheses < 0) return Optional.empty();
            if (token.kind() == Kind.word && parentheses == 0) body(token.text());
            statement.add(token);
        }
        if (tokens.leftOpen() || parentheses != 0 || bodies != 0) return Optional.empty();
        end();
        return Optional.of(List.copyOf(statements));
    }

    private void end() {
        if (!statement.isEmpty()) statements.add(List.copyOf(statement));
        statement = new ArrayList<>();
    }

    private void body(String word) {
        switch (word) {
            case "BEGIN" -> {
                if (isRoutine()) bodies++;
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

    private boolean isRoutine() {
        return !statement.isEmpty()
                && statement.getFirst().is("CREATE")
                && statement.stream().limit(4).anyMatch(token -> token.is("FUNCTION") || token.is("PROCEDURE"));
    }
}
