package dev.ripcord.rollback.decision;

import dev.ripcord.databases.lexer.SqlText;
import java.util.Comparator;
import java.util.List;

/** What a migration does at its worst, as far as its way back depends on it; the weightier kinds come last. */
public enum MigrationKind {
    /** Makes, drops or changes indexes and nothing else. */
    index,
    /** Adds, renames, loosens or replaces a definition: no value is lost. */
    additive,
    /** Changes who may see or do what. */
    policy,
    /** Writes rows. */
    data,
    /** Nobody can tell. */
    unknown,
    /** Drops, deletes, or may cut values off. */
    destructive;

    /**
     * What a statement does.
     *
     * @param line in the migration, from 1
     * @param what in words, such as {@code drops the column name of customers}
     */
    public record Finding(MigrationKind kind, int line, String what) {}

    /**
     * What a migration does.
     *
     * @param kind the weightiest of the findings; {@link #unknown} where there are none
     */
    public record Lint(MigrationKind kind, List<Finding> findings) {
        public Lint {
            findings = List.copyOf(findings);
        }
    }

    /** Reads the statements of a migration; what cannot be read is {@link #unknown}, never a guess. */
    public static Lint of(String sql) {
        List<Finding> findings = SqlText.statements(sql)
                .map(statements -> statements.stream()
                        .flatMap(statement -> StatementLint.of(statement).stream())
                        .toList())
                .orElseGet(() -> List.of(new Finding(
                        unknown, 1, "cannot be read: a quote, comment or bracket is left open, or it is psql's")));
        return new Lint(
                findings.stream()
                        .map(Finding::kind)
                        .max(Comparator.naturalOrder())
                        .orElse(unknown),
                findings);
    }
}
