package dev.ripcord.rollback.method;

import dev.ripcord.databases.DatabaseFailure;
import dev.ripcord.databases.PgSession;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The planner's statistics, which a change of many rows leaves behind; autovacuum would get there by itself, later. */
final class Statistics {

    private static final int NAMED = 10;

    private Statistics() {}

    /** Renews them, table by table, as long as time is left; a table that somebody has locked is left alone. */
    static String renew(PgSession session, List<String> tables, Duration within) {
        long until = System.nanoTime() + within.toNanos();
        List<String> done = new ArrayList<>();
        List<String> left = new ArrayList<>();
        session.execute("set statement_timeout = " + within.toMillis());
        for (String table : tables) {
            if (System.nanoTime() > until || !renewed(session, table)) left.add(table);
            else done.add(table);
        }
        String says = "statistics of " + some(done) + " renewed";
        return left.isEmpty() ? says : says + "; left to autovacuum: " + some(left);
    }

    private static boolean renewed(PgSession session, String table) {
        try {
            session.execute("analyze (skip_locked) " + table);
            return true;
        } catch (DatabaseFailure e) { // what was changed stays changed
            return false;
        }
    }

    private static String some(List<String> tables) {
        if (tables.isEmpty()) return "no table";
        String first = String.join(", ", tables.subList(0, Math.min(NAMED, tables.size())));
        return tables.size() > NAMED ? first + " and " + (tables.size() - NAMED) + " more" : first;
    }
}
