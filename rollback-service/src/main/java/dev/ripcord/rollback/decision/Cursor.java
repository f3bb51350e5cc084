package dev.ripcord.rollback.decision;

import dev.ripcord.databases.lexer.Token;
import dev.ripcord.databases.lexer.Token.Kind;
import java.util.ArrayList;
import java.util.List;

/** Goes through the words of a statement. */
final class Cursor {

    private final List<Token> tokens;
    private int at;

    Cursor(List<Token> tokens) {
        this.tokens = tokens;
    }

    /** Passes these words where they come next, all or none. */
    boolean skip(String... words) {
        for (int i = 0; i < words.length; i++) {
            if (at + i >= tokens.size() || !tokens.get(at + i).is(words[i])) return false;
        }
        at += words.length;
        return true;
    }

    /** Passes all of these words that come next, in any order. */
    void skipAny(String... words) {
        boolean passed = true;
        while (passed) {
            passed = false;
            for (String word : words) passed |= skip(word);
        }
    }

    /** The next word, passed; empty where something else comes. */
    String word() {
        return at < tokens.size() && tokens.get(at).kind() == Kind.word
                ? tokens.get(at++).text()
                : "";
    }

    /** A name of one or more parts, passed and as written. */
    String name() {
        StringBuilder name = new StringBuilder();
        while (at < tokens.size()) {
            Token token = tokens.get(at);
            if (token.kind() != Kind.word && token.kind() != Kind.name) break;
            name.append(token.shown());
            at++;
            if (at >= tokens.size() || !tokens.get(at).is(".")) break;
            name.append('.');
            at++;
        }
        return name.toString();
    }

    /** Whether this word is anywhere in the statement, quotes apart. */
    boolean has(String word) {
        return tokens.stream().anyMatch(token -> token.is(word));
    }

    boolean has(String first, String second) {
        for (int i = 1; i < tokens.size(); i++) {
            if (tokens.get(i - 1).is(first) && tokens.get(i).is(second)) return true;
        }
        return false;
    }

    boolean atEnd() {
        return at >= tokens.size();
    }

    int line() {
        return tokens.isEmpty() ? 1 : tokens.getFirst().line();
    }

    /** What is left, cut at the commas that stand in no brackets. */
    List<Cursor> parts() {
        List<Cursor> parts = new ArrayList<>();
        int depth = 0;
        int from = at;
        for (int i = at; i < tokens.size(); i++) {
            if (tokens.get(i).is("(") || tokens.get(i).is("[")) depth++;
            if (tokens.get(i).is(")") || tokens.get(i).is("]")) depth--;
            if (depth == 0 && tokens.get(i).is(",")) {
                parts.add(new Cursor(tokens.subList(from, i)));
                from = i + 1;
            }
        }
        parts.add(new Cursor(tokens.subList(from, tokens.size())));
        return parts;
    }
}
