package dev.ripcord.rollback.method.schema;

import dev.ripcord.databases.PgSession;
import io.vertx.sqlclient.Row;
import java.util.ArrayList;
import java.util.List;

/** Keeps a table's own triggers, rules and forced policies out of a step of ours; its owner may do that. */
final class Quiet {

    private static final String LOUD = """
            with tables as (select $1::text::regclass::oid as oid union select relid from pg_partition_tree($1::text::regclass))
            select format('alter table %s disable trigger %I', tgrelid::regclass, tgname) as off,
                   format('alter table %s enable %strigger %I', tgrelid::regclass, case tgenabled when 'A' then 'always ' when 'R' then 'replica ' else '' end, tgname) as on
              from pg_trigger join tables on tables.oid = tgrelid where not tgisinternal and tgparentid = 0 and tgenabled <> 'D'
            union all
            select format('alter table %s disable rule %I', ev_class::regclass, rulename),
                   format('alter table %s enable %srule %I', ev_class::regclass, case ev_enabled when 'A' then 'always ' when 'R' then 'replica ' else '' end, rulename)
              from pg_rewrite w join tables on tables.oid = ev_class where rulename <> '_RETURN' and ev_enabled <> 'D'
            union all
            select format('alter table %s no force row level security', c.oid::regclass), format('alter table %s force row level security', c.oid::regclass)
              from pg_class c join tables on tables.oid = c.oid where relforcerowsecurity""";

    private final PgSession session;
    private final List<String> on = new ArrayList<>();

    private Quiet(PgSession session) {
        this.session = session;
    }

    static Quiet on(PgSession session, String table) {
        Quiet quiet = new Quiet(session);
        for (Row row : session.query(LOUD, table)) {
            session.execute(row.getString("off"));
            quiet.on.add(row.getString("on"));
        }
        return quiet;
    }

    void end() {
        on.forEach(session::execute);
    }
}
