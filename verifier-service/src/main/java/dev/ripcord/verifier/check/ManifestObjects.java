package dev.ripcord.verifier.check;

import dev.ripcord.events.Manifest;
import dev.ripcord.events.VerificationEvent.Finding;
import dev.ripcord.verifier.verification.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The objects of one kind, as the manifest has them and as the live database has them now, by name. */
record ManifestObjects(Map<String, String> wanted, Map<String, String> found) {

    static ManifestObjects of(Context context, String kind) {
        return of(context, kind::equals);
    }

    static ManifestObjects of(Context context, Predicate<String> kinds) {
        return new ManifestObjects(byName(context.manifest().objects(), kinds), byName(context.objects(), kinds));
    }

    /** One finding for each that the manifest has and the database has not. */
    List<Finding> missing() {
        List<Finding> findings = new ArrayList<>();
        for (String name : wanted.keySet()) {
            if (!found.containsKey(name)) findings.add(new Finding(name, "present", "absent"));
        }
        return findings;
    }

    /** Whether it is now exactly what it was in the manifest, whatever there was to say against it. */
    boolean unchanged(String name) {
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
