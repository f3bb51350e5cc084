package dev.ripcord.rollback.method.down;

import dev.ripcord.databases.RefusedException;
import dev.ripcord.rollback.lexer.SqlText;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Which statements cannot be part of one transaction that is all or nothing. */
public final class OneTransaction {

    private static final Map<Pattern, String> UNFIT = Map.of(
            Pattern.compile(
                    "(BEGIN|START TRANSACTION|COMMIT|END|ROLLBACK|ABORT|SAVEPOINT|RELEASE|PREPARE TRANSACTION)\\b"),
            "handles a transaction of its own",
            Pattern.compile("(CREATE( UNIQUE)? INDEX|DROP INDEX|REINDEX.*) CONCURRENTLY\\b"),
            "cannot run in a transaction",
            Pattern.compile("ALTER TABLE .* DETACH PARTITION .* CONCURRENTLY\\b"),
            "cannot run in a transaction",
            Pattern.compile("(VACUUM|ALTER SYSTEM|REINDEX .*\\b(SYSTEM|DATABASE|SCHEMA)|CLUSTER$)\\b"),
            "cannot run in a transaction",
            Pattern.compile("(CREATE|DROP) (DATABASE|TABLESPACE|SUBSCRIPTION)\\b"),
            "cannot run in a transaction",
            Pattern.compile("COPY .*\\b(STDIN|STDOUT|PROGRAM)\\b"),
            "needs a client or a program",
            Pattern.compile("\\\\"),
            "is a command for psql",
            Pattern.compile(
                    "(SET (SESSION |LOCAL )?(ROLE|AUTHORIZATION|TRANSACTION|CHARACTERISTICS|STANDARD_CONFORMING_STRINGS)"
                            + "|RESET (ROLE|SESSION|ALL)|DISCARD)\\b"),
            "changes the session that it shares");

    private OneTransaction() {}

    /**
     * The statements of a script, each fit for the transaction.
     *
     * @param where it comes from, for messages
     * @throws RefusedException if one is not, or there is none
     */
    public static List<String> fit(String where, String sql) {
        try {
            return statements(where, sql);
        } catch (Refusal e) {
            throw new RefusedException(String.valueOf(e.getMessage()));
        }
    }

    /**
     * The statements of a script, each fit for the transaction.
     *
     * @throws Refusal if one is not, or there is none
     */
    static List<String> statements(String where, String sql) {
        List<SqlText.Statement> found = SqlText.cut(sql);
        if (found.isEmpty()) throw Refusal.restore(Shown.name(where) + " has no statement: it would undo nothing");
        for (SqlText.Statement each : found) {
            unfit(each).ifPresent(why -> {
                throw Refusal.restore(Shown.name(where) + ": " + Shown.name(each.text()) + " " + why);
            });
        }
        return found.stream().map(SqlText.Statement::text).toList();
    }

    private static Optional<String> unfit(SqlText.Statement statement) {
        return UNFIT.entrySet().stream()
                .filter(each -> each.getKey().matcher(statement.bare()).lookingAt())
                .map(Map.Entry::getValue)
                .findFirst();
    }
}
