package dev.ripcord.rollback.method.down;

import dev.ripcord.databases.RefusedException;
import dev.ripcord.databases.lexer.SqlText;
import java.util.List;

/** Which statements cannot be part of one transaction that is all or nothing. */
public final class OneTransaction {

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
            dev.ripcord.databases.OneTransaction.unfit(each).ifPresent(why -> {
                throw Refusal.restore(Shown.name(where) + ": " + Shown.name(each.text()) + " " + why);
            });
        }
        return found.stream().map(SqlText.Statement::text).toList();
    }
}
