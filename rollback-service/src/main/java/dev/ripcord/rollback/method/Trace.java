package dev.ripcord.rollback.method;

import dev.ripcord.databases.PgSession;
import io.vertx.sqlclient.Row;
import java.util.ArrayList;
import java.util.List;

/**
 * What a transaction meant to others, read at its end.
 *
 * @param millis how long it lasted, its locks no longer
 * @param readersWait tables on which everybody waited for it
 * @param writersWait tables on which only those waited for it who write
 * @param written tables whose rows or structure it changed
 */
public record Trace(long millis, List<String> readersWait, List<String> writersWait, List<String> written) {

    private static final int NAMED = 10;

    private static final String THERE =
            "select array_agg(oid::bigint) from pg_class where relkind in ('r', 'p', 'm') and relnamespace <> 'pg_catalog'::regnamespace";

    /** A table that the transaction made itself is in nobody's way. */
    private static final String HELD = """
            select format('%I.%I', n.nspname, c.relname) as name, c.oid::bigint = any($1) as there,
                   bool_or(l.mode = 'AccessExclusiveLock') as readers,
                   bool_or(l.mode in ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock')) as writers,
                   bool_or(l.mode in ('RowExclusiveLock', 'AccessExclusiveLock')) as written
              from pg_locks l join pg_class c on c.oid = l.relation join pg_namespace n on n.oid = c.relnamespace
             where l.pid = pg_backend_pid() and l.locktype = 'relation' and c.relkind in ('r', 'p', 'm')
               and l.database = (select oid from pg_database where datname = current_database()) and n.nspname !~ '^pg_'
               and l.mode in ('RowExclusiveLock', 'ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
             group by 1, 2 order by 1""";

    public Trace {
        readersWait = List.copyOf(readersWait);
        writersWait = List.copyOf(writersWait);
        written = List.copyOf(written);
    }

    /** To be called when a transaction has just begun. */
    public static Begun begin(PgSession session) {
        return new Begun(session);
    }

    /** A transaction that is going on. */
    public static final class Begun {
        private final long at = System.nanoTime();
        private final Long[] there;

        private Begun(PgSession session) {
            Long[] found = session.query(THERE).getFirst().getArrayOfLongs(0);
            there = found == null ? new Long[0] : found;
        }

        /** What it holds now. */
        public Trace read(PgSession session) {
            List<String> readers = new ArrayList<>();
            List<String> writers = new ArrayList<>();
            List<String> written = new ArrayList<>();
            for (Row row : session.query(HELD, (Object) there)) {
                String name = row.getString("name");
                if (row.getBoolean("written")) written.add(name);
                if (!row.getBoolean("there")) continue;
                if (row.getBoolean("readers")) readers.add(name);
                else if (row.getBoolean("writers")) writers.add(name);
            }
            return new Trace((System.nanoTime() - at) / 1_000_000, readers, writers, written);
        }
    }

    /** For people: how long, and who waits. */
    public String says() {
        String wait = readersWait.isEmpty() && writersWait.isEmpty() ? ", nobody waits" : "";
        if (!readersWait.isEmpty()) wait += "; whoever uses " + some(readersWait) + " waits";
        if (!writersWait.isEmpty()) wait += "; whoever writes to " + some(writersWait) + " waits";
        return millis + " ms" + wait;
    }

    private static String some(List<String> names) {
        String first = String.join(", ", names.subList(0, Math.min(NAMED, names.size())));
        return names.size() > NAMED ? first + " and " + (names.size() - NAMED) + " more tables" : first;
    }
}
