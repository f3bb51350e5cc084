package dev.ripcord.rollback.method.partial;

import dev.ripcord.databases.PgSession;
import java.util.Collection;
import java.util.List;

/**
 * A user's trigger on a table or partition.
 *
 * @param state as in {@code pg_trigger.tgenabled}
 */
record Trigger(String table, String name, String state, boolean owned) {

    private static final String OF_TABLES = """
            select format('%I.%I', n.nspname, c.relname) as relation, quote_ident(t.tgname) as name, t.tgenabled::text as state,
                   pg_has_role(c.relowner, 'USAGE') as owned
              from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace
             where not t.tgisinternal and c.oid = any ($1::bigint[]::oid[]) order by 1, 2""";

    static List<Trigger> of(PgSession live, Collection<Long> tables) {
        return live.query(OF_TABLES, (Object) tables.toArray(Long[]::new)).stream()
                .map(row -> new Trigger(
                        row.getString("relation"),
                        row.getString("name"),
                        row.getString("state"),
                        row.getBoolean("owned")))
                .toList();
    }

    /** Whether it would fire, in an ordinary session or in one that writes as replication does. */
    boolean fires(boolean replica) {
        return state.equals("A") || state.equals(replica ? "R" : "O");
    }

    String title() {
        return name + " on " + table;
    }

    void disable(PgSession live) {
        live.execute("alter table only " + table + " disable trigger " + name);
    }

    void enable(PgSession live) {
        String how = switch (state) {
            case "A" -> "enable always";
            case "R" -> "enable replica";
            case "O" -> "enable";
            default -> "disable";
        };
        live.execute("alter table only " + table + " " + how + " trigger " + name);
    }
}
