package dev.ripcord.databases;

import dev.ripcord.databases.lexer.SqlText;
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
                    "(SET (SESSION |LOCAL )?(ROLE|AUTHORIZATION|TRANSACTION|CHARACTERISTICS|STANDARD_CONFORMING_STRINGS(?! (=|TO) ON$))"
                            + "|RESET (ROLE|SESSION|ALL)|DISCARD)\\b"),
            "changes the session that it shares");

    private OneTransaction() {}

    /** Why a statement cannot be part of it; empty where it can. */
    public static Optional<String> unfit(SqlText.Statement statement) {
        return UNFIT.entrySet().stream()
                .filter(each -> each.getKey().matcher(statement.bare()).lookingAt())
                .map(Map.Entry::getValue)
                .findFirst();
    }
}
