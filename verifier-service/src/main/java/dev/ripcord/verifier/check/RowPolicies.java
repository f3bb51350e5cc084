package dev.ripcord.verifier.check;

import dev.ripcord.events.VerificationEvent.Finding;
import dev.ripcord.verifier.verification.Check;
import dev.ripcord.verifier.verification.Context;
import io.vertx.sqlclient.Row;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Every row-level-security policy of the manifest is there as it was, there is no other, and tables that have policies
 * have row-level security switched on.
 */
@Singleton
class RowPolicies implements Check {

    @Override
    public String name() {
        return "policies";
    }

    @Override
    public List<Finding> run(Context context) {
        ManifestObjects policies = ManifestObjects.of(context, "policy");
        List<Finding> findings = new ArrayList<>(policies.missing());
        for (Map.Entry<String, String> policy : policies.found().entrySet()) {
            String wanted = policies.wanted().get(policy.getKey());
            if (wanted == null) findings.add(new Finding(policy.getKey(), "absent", "present"));
            else if (!policies.unchanged(policy.getKey())) {
                findings.add(new Finding(policy.getKey(), "definition " + wanted, "definition " + policy.getValue()));
            }
        }
        ManifestObjects tables =
                ManifestObjects.of(context, kind -> kind.equals("table") || kind.equals("partitioned table"));
        for (Row row : context.ask(session -> session.query("""
                    select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
                     where c.relkind in ('r', 'p') and not c.relrowsecurity and n.nspname !~ '^pg_'"""))) {
            String name = row.getString("name");
            boolean governed = policies.wanted().keySet().stream().anyMatch(policy -> policy.startsWith(name + " "));
            if (governed && !tables.unchanged(name)) {
                findings.add(new Finding(name, "row-level security on", "off"));
            }
        }
        return findings;
    }
}
