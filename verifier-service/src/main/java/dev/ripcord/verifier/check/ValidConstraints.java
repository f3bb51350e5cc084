package dev.ripcord.verifier.check;

import dev.ripcord.databases.PgSession;
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

    @Override
    public String name() {
        return "constraints";
    }

    @Override
    public List<Finding> run(Context context) {
        ManifestObjects constraints = ManifestObjects.of(context, "constraint");
        List<Finding> findings = new ArrayList<>(constraints.missing());
        try (PgSession session = context.open(limit(context))) {
            for (Row row : session.query("""
                    select coalesce(format('%I.%I', rn.nspname, r.relname), t.typname) || ' ' || quote_ident(k.conname) as name,
                           case when k.convalidated then 'not enforced' else 'not validated' end as state
                      from pg_constraint k join pg_namespace n on n.oid = k.connamespace
                      left join pg_class r on r.oid = k.conrelid left join pg_namespace rn on rn.oid = r.relnamespace
                      left join pg_type t on t.oid = k.contypid
                     where n.nspname !~ '^pg_' and (not k.convalidated or to_jsonb(k) ->> 'conenforced' = 'false') order by 1""")) {
                String name = row.getString("name");
                if (!constraints.unchanged(name)) findings.add(new Finding(name, "validated", row.getString("state")));
            }
            for (Row row : session.query("""
                    select format('%I.%I %I', n.nspname, c.relname, k.conname) as name, count(*) as triggers
                      from pg_trigger t join pg_constraint k on k.oid = t.tgconstraint
                      join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
                     where t.tgisinternal and t.tgenabled in ('D', 'R') group by 1 order by 1""")) {
                findings.add(new Finding(
                        row.getString("name"), "enforced", row.getLong("triggers") + " of its triggers switched off"));
            }
        }
        return findings;
    }
}
