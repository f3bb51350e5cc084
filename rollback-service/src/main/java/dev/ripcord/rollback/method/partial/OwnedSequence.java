package dev.ripcord.rollback.method.partial;

import dev.ripcord.databases.PgSession;
import io.vertx.sqlclient.Row;
import java.util.ArrayList;
import java.util.List;

/** A sequence that numbers a column of a table. */
record OwnedSequence(String name, String column, boolean upwards, long limit, boolean settable) {

    private static final String OF_TABLE = """
            select distinct format('%I.%I', n.nspname, s.relname) as name, quote_ident(a.attname) as column,
                   q.seqincrement > 0 as upwards, case when q.seqincrement > 0 then q.seqmax else q.seqmin end as limit,
                   has_sequence_privilege(s.oid, 'UPDATE') and has_sequence_privilege(s.oid, 'SELECT') as settable
              from (select objid as sequence, refobjid as owner, refobjsubid as position from pg_depend
                     where classid = 'pg_class'::regclass and refclassid = 'pg_class'::regclass and deptype in ('a', 'i')
                    union all
                    select d.refobjid, f.adrelid, f.adnum from pg_attrdef f join pg_depend d
                        on d.classid = 'pg_attrdef'::regclass and d.objid = f.oid and d.refclassid = 'pg_class'::regclass and d.refobjid <> f.adrelid) o
              join pg_class s on s.oid = o.sequence and s.relkind = 'S' join pg_namespace n on n.oid = s.relnamespace
              join pg_sequence q on q.seqrelid = s.oid
              join pg_attribute a on a.attrelid = o.owner and a.attnum = o.position
             where o.owner = $1::bigint::oid and a.atttypid in ('smallint'::regtype, 'integer'::regtype, 'bigint'::regtype)""";

    static List<OwnedSequence> of(PgSession live, Table table) {
        return live.query(OF_TABLE, table.oid()).stream()
                .map(row -> new OwnedSequence(
                        row.getString("name"),
                        row.getString("column"),
                        row.getBoolean("upwards"),
                        row.getLong("limit"),
                        row.getBoolean("settable")))
                .toList();
    }

    /** Sets each that is behind its column or behind the copy's sequence; none goes backwards. Not undone by a rollback, so it is the last act. */
    static List<String> putForward(PgSession live, PgSession copy, Pair pair) {
        List<String> set = new ArrayList<>();
        for (OwnedSequence sequence : of(live, pair.live())) {
            long reached = sequence.reached(live, copy, pair);
            Row state = live.query("select last_value, is_called from " + sequence.name())
                    .getFirst();
            long last = state.getLong("last_value");
            boolean used = state.getBoolean("is_called");
            boolean behind = sequence.upwards() ? reached > last : reached < last;
            if (!behind && (used || reached != last)) continue;
            live.query("select setval($1::text::regclass, $2)", sequence.name(), reached);
            set.add(sequence.name() + " to " + reached);
        }
        return set;
    }

    private long reached(PgSession live, PgSession copy, Pair pair) {
        String furthest = upwards ? "max" : "min";
        Long held = live.query("select " + furthest + "(" + column + ")::bigint as n from "
                        + pair.live().from())
                .getFirst()
                .getLong("n");
        Long given = copy
                .query(
                        "select last_value as n from pg_sequences where format('%I.%I', schemaname, sequencename) = $1",
                        name)
                .stream()
                .findFirst()
                .map(row -> row.getLong("n"))
                .orElse(null);
        long none = upwards ? Long.MIN_VALUE : Long.MAX_VALUE;
        long one = held == null ? none : held;
        long other = given == null ? none : given;
        return upwards ? Math.min(Math.max(one, other), limit) : Math.max(Math.min(one, other), limit);
    }
}
