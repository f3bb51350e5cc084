package dev.ripcord.rollback.method.schema;

import dev.ripcord.databases.PgSession;
import io.vertx.sqlclient.Row;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The last numbers of the sequences that are made anew, so that none is given out twice. A number is not part of any
 * transaction: the application is kept from these sequences before they are read, and all the others, from which it goes
 * on taking numbers, are not touched.
 */
final class Numbers {

    private static final String CONCERNED = """
            select format('%I.%I', n.nspname, c.relname) as name, c.oid::bigint as oid, quote_ident(pg_get_userbyid(c.relowner)) as owner
              from pg_class c join pg_namespace n on n.oid = c.relnamespace
             where c.relkind = 'S' and (format('%I.%I', n.nspname, c.relname) = any ($1) or exists (
                   select from pg_depend d join pg_class t on t.oid = d.refobjid join pg_namespace s on s.oid = t.relnamespace
                    where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.refclassid = 'pg_class'::regclass and d.deptype in ('a', 'i')
                      and format('%I.%I', s.nspname, t.relname) = any ($1)))
             order by 1""";

    private static final String LAST =
            "select case when has_sequence_privilege($1::bigint::oid, 'select, usage') then pg_sequence_last_value($1::bigint::oid) end";

    /** Only where it is another object by now, which nobody else can have used, and only forward. */
    private static final String GO_ON = """
            select setval(c.oid::regclass, $3) from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_sequence s on s.seqrelid = c.oid
             where format('%I.%I', n.nspname, c.relname) = $1 and c.oid <> $2::bigint::oid and $3 between seqmin and seqmax
               and coalesce(case when seqincrement > 0 then pg_sequence_last_value(c.oid) < $3 else pg_sequence_last_value(c.oid) > $3 end, true)""";

    private final PgSession live;
    private final List<Last> last = new ArrayList<>();

    private record Last(String name, long oid, long number) {}

    private Numbers(PgSession live) {
        this.live = live;
    }

    /** Those that the changes can make anew; nobody else gets a number of them until the transaction ends. */
    static Numbers held(PgSession live, SchemaDifference.Derived derived) {
        Numbers numbers = new Numbers(live);
        Set<String> names = new LinkedHashSet<>(derived.locks());
        for (Change change : derived.changes()) {
            if (change.object().startsWith("table ")) names.add(change.object().substring("table ".length()));
            if (change.object().startsWith("sequence "))
                names.add(change.object().substring("sequence ".length()));
        }
        for (Row row : live.query(CONCERNED, (Object) names.toArray(String[]::new))) {
            String name = row.getString("name");
            // changes nothing, and takes a lock that a nextval waits for; lock table does not take a sequence
            live.execute("alter sequence " + name + " owner to " + row.getString("owner"));
            Long number = live.query(LAST, row.getLong("oid")).getFirst().getLong(0);
            if (number != null) numbers.last.add(new Last(name, row.getLong("oid"), number));
        }
        return numbers;
    }

    /** What was made anew goes on where its predecessor stopped. */
    void goOn() {
        for (Last each : last) live.query(GO_ON, each.name(), each.oid(), each.number());
    }
}
