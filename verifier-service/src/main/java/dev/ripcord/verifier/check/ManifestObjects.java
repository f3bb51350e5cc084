package dev.ripcord.verifier.check;

import dev.ripcord.databases.Schema;
import dev.ripcord.events.Manifest;
import dev.ripcord.events.VerificationEvent.Finding;
import dev.ripcord.verifier.verification.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The objects of one kind, as the manifest has them and as the live database has them now, by name.
 *
 * @param listed whether both list their objects; where they are too many, only all of them can be compared
 * @param equal whether the schema is the manifest's as a whole
 */
record ManifestObjects(Map<String, String> wanted, Map<String, String> found, boolean listed, boolean equal) {

    static ManifestObjects of(Context context, String kind) {
        return of(context, kind::equals);
    }

    static ManifestObjects of(Context context, Predicate<String> kinds) {
        Schema wanted = Schema.of(context.manifest());
        Schema found = context.schema();
        boolean listed = wanted.complete() && found.complete();
        boolean equal = wanted.fingerprint().equals(found.fingerprint());
        return new ManifestObjects(byName(wanted.objects(), kinds), byName(found.objects(), kinds), listed, equal);
    }

    /** One finding for each that the manifest has and the database has not, where they are listed. */
    List<Finding> missing() {
        if (!listed) return List.of();
        List<Finding> findings = new ArrayList<>();
        for (String name : wanted.keySet()) {
            if (!found.containsKey(name)) findings.add(new Finding(name, "present", "absent"));
        }
        return findings;
    }

    /** Whether it is now exactly what it was in the manifest, whatever there was to say against it. */
    boolean unchanged(String name) {
        if (!listed) return equal;
        String definition = wanted.get(name);
        return definition != null && definition.equals(found.get(name));
    }

    private static Map<String, String> byName(List<Manifest.SchemaObject> objects, Predicate<String> kinds) {
        return objects.stream()
                .filter(object -> kinds.test(object.kind()))
                .collect(Collectors.toMap(
                        Manifest.SchemaObject::name, Manifest.SchemaObject::hash, (one, other) -> one + other));
    }
}
