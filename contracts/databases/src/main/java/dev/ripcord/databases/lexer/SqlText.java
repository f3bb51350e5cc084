package dev.ripcord.databases.lexer;

import dev.ripcord.databases.lexer.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Cuts SQL into statements and words by PostgreSQL's rules for quotes, dollar quotes, comments, parentheses and function
 * bodies. A parser with a whole grammar would know less: those for the JVM refuse much of PostgreSQL's DDL (policies, DO,
 * ALTER TABLE's rarer forms), and one refused statement leaves nothing known of the others.
 */
public final class SqlText {

    /**
     * One statement.
     *
     * @param text as written
     */
    public record Statement(List<Token> tokens, String text) {

        /** Its words in capitals and single spaces, without comments and without what stands between quotes. */
        public String bare() {
            StringBuilder bare = new StringBuilder();
            int end = tokens.getFirst().from();
            for (Token token : tokens) {
                if (token.from() > end) bare.append(' ');
                end = token.end();
                bare.append(
                        switch (token.kind()) {
                            case word, symbol -> token.text();
                            case name -> "\"\"";
                            case literal -> Character.isDigit(token.shown().charAt(0)) ? token.shown() : "''";
                        });
            }
            return bare.toString();
        }
    }

    private final SqlTokens tokens;
    private final List<Statement> statements = new ArrayList<>();
    private List<Token> statement = new ArrayList<>();
    private int parentheses;
    private int bodies;
    private boolean flawed;

    private SqlText(String sql) {
        this.tokens = new SqlTokens(sql);
    }

    /** The statements; empty where a quote, a comment or a bracket is left open, or psql's own commands are in between. */
    public static Optional<List<List<Token>>> statements(String sql) {
        SqlText text = new SqlText(sql);
        text.read();
        return text.flawed
                ? Optional.empty()
                : Optional.of(text.statements.stream().map(Statement::tokens).toList());
    }

    /** The statements as far as they can be told apart: what is wrong in them, the server will say. */
    public static List<Statement> cut(String sql) {
        SqlText text = new SqlText(sql);
        text.read();
        return List.copyOf(text.statements);
    }

    /** Whether this is one statement, without a semicolon or a comment. */
    public static boolean isOneStatement(String sql) {
        if (sql.indexOf('\0') >= 0) return false;
        SqlTokens tokens = new SqlTokens(sql);
        for (Optional<Token> next = tokens.next(); next.isPresent(); next = tokens.next()) {
            if (next.get().is(";")) return false;
        }
        return !tokens.commented()
                && statements(sql).filter(all -> all.size() == 1).isPresent();
    }

    /** Whether this is one type, expression or definition: nothing in it ends it, nor begins another beside it. */
    public static boolean isOneExpression(String sql) {
        if (!isOneStatement(sql)) return false;
        int depth = 0;
        for (Token token : statements(sql).orElseThrow().getFirst()) {
            if (token.is("(") || token.is("[")) depth++;
            if (token.is(")") || token.is("]")) depth--;
            if (depth < 0 || (token.is(",") && depth == 0)) return false;
        }
        return depth == 0;
    }

    private void read() {
        for (Optional<Token> next = tokens.next(); next.isPresent(); next = tokens.next()) {
            Token token = next.get();
            if (token.is("\\")) flawed = true;
            if (token.is(";") && parentheses <= 0 && bodies == 0) {
                end();
                continue;
            }
            if (token.is("(")) parentheses++;
            if (token.is(")")) parentheses--;
            if (parentheses < 0) flawed = true;
            if (token.kind() == Kind.word && parentheses == 0) body(token.text());
            statement.add(token);
        }
        if (tokens.leftOpen() || parentheses != 0 || bodies != 0) flawed = true;
        end();
    }

    private void end() {
        if (!statement.isEmpty()) {
            List<Token> all = List.copyOf(statement);
            statements.add(new Statement(
                    all, tokens.between(all.getFirst().from(), all.getLast().end())));
        }
        statement = new ArrayList<>();
        parentheses = 0;
        bodies = 0;
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
