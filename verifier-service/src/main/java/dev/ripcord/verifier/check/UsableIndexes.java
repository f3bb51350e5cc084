package dev.ripcord.verifier.check;

import dev.ripcord.events.VerificationEvent.Finding;
import dev.ripcord.verifier.verification.Check;
import dev.ripcord.verifier.verification.Context;
import io.vertx.sqlclient.Row;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;

/** Every index of the manifest is there, and none is unusable that was not so then. */
@Singleton
class UsableIndexes implements Check {

    @Override
    public String name() {
        return "indexes";
    }

    @Override
    public List<Finding> run(Context context) {
        ManifestObjects indexes = ManifestObjects.of(context, "index");
        List<Finding> findings = new ArrayList<>(indexes.missing());
        for (Row row : context.ask(session -> session.query("""
                    select format('%I.%I', n.nspname, c.relname) as name,
                           case when not i.indisvalid then 'invalid' when not i.indisready then 'not ready' else 'being dropped' end as state
                      from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
                     where not (i.indisvalid and i.indisready and i.indislive) and n.nspname !~ '^pg_' order by 1"""))) {
            String name = row.getString("name");
            if (!indexes.unchanged(name)) findings.add(new Finding(name, "usable", row.getString("state")));
        }
        return findings;
    }
}
