package dev.ripcord.verifier.check;

import dev.ripcord.events.VerificationEvent.Finding;
import dev.ripcord.verifier.verification.Check;
import dev.ripcord.verifier.verification.Context;
import io.vertx.sqlclient.Row;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;

/**
 * Every constraint of the manifest is there, validated and enforced, but for those that were not so then. Foreign keys
 * whose triggers are switched off are not enforced, whatever the catalogue calls them.
 */
@Singleton
class ValidConstraints implements Check {

    /** By the same names as in the manifest: a foreign key of a partition goes by its definition. */
    private static final String UNSOUND = """
            select * from (
                select format('%I.%I', coalesce(rn.nspname, tn.nspname), coalesce(r.relname, t.typname)) || ' '
                       || case when k.contype = 'f' and k.conparentid <> 0 then pg_get_constraintdef(k.oid) else quote_ident(k.conname) end as name,
                       case when not k.convalidated then 'not validated'
                            when to_jsonb(k) ->> 'conenforced' = 'false' then 'not enforced'
                            when exists (select from pg_trigger g where g.tgconstraint = k.oid and g.tgisinternal and g.tgenabled in ('D', 'R'))
                            then 'its triggers are switched off' end as state
                  from pg_constraint k join pg_namespace n on n.oid = k.connamespace
                  left join pg_class r on r.oid = k.conrelid left join pg_namespace rn on rn.oid = r.relnamespace
                  left join pg_type t on t.oid = k.contypid left join pg_namespace tn on tn.oid = t.typnamespace
                 where n.nspname !~ '^pg_' and n.nspname <> 'information_schema') k
             where state is not null order by name""";

    @Override
    public String name() {
        return "constraints";
    }

    @Override
    public List<Finding> run(Context context) {
        ManifestObjects constraints = ManifestObjects.of(context, "constraint");
        List<Finding> findings = new ArrayList<>(constraints.missing());
        for (Row row : context.ask(session -> session.query(UNSOUND))) {
            String name = row.getString("name");
            if (constraints.unchanged(name)) continue;
            findings.add(new Finding(name, "validated and enforced", row.getString("state")));
        }
        return findings;
    }
}
