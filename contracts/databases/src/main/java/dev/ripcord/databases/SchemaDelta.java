package dev.ripcord.databases;

import dev.ripcord.events.Manifest.SchemaObject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * In which objects a schema differs from what it was. Of the schema as it is, no more is held than differs.
 *
 * @param before objects that are not there any more, or not so
 * @param now objects that were not there, or not so
 * @param fingerprint of the schema as it is now
 */
public record SchemaDelta(List<SchemaObject> before, List<SchemaObject> now, String fingerprint) {

    public SchemaDelta {
        before = List.copyOf(before);
        now = List.copyOf(now);
    }

    /** Compares the database of the session with what was there before. */
    public static SchemaDelta between(Collection<SchemaObject> before, PgSession now) {
        Set<SchemaObject> known = new HashSet<>(before);
        Set<SchemaObject> left = new HashSet<>(before);
        List<SchemaObject> made = new ArrayList<>();
        Fingerprint fingerprint = new Fingerprint();
        ManifestReader.each(now, object -> {
            fingerprint.add(object);
            left.remove(object);
            if (!known.contains(object)) made.add(object);
        });
        return new SchemaDelta(before.stream().filter(left::contains).toList(), made, fingerprint.value());
    }

    /** Compares the databases of two sessions. */
    public static SchemaDelta between(PgSession before, PgSession now) {
        return between(ManifestReader.objects(before), now);
    }
}
