package dev.ripcord.databases;

import dev.ripcord.events.Manifest;
import java.util.List;

/**
 * The schema of a database, as much of it as is kept.
 *
 * @param fingerprint over all objects, as in a {@link Manifest}
 * @param objects each of them; empty where there are too many to be kept, and only the fingerprint can be compared
 */
public record Schema(String fingerprint, List<Manifest.SchemaObject> objects) {

    public Schema {
        objects = List.copyOf(objects);
    }

    /** What a manifest says of it. */
    public static Schema of(Manifest manifest) {
        if (manifest.objects().isEmpty()) return new Schema(manifest.schemaFingerprint(), List.of());
        Fingerprint fingerprint = new Fingerprint();
        manifest.objects().forEach(fingerprint::add);
        return new Schema(fingerprint.value(), manifest.objects());
    }

    /** Whether every object is known. */
    public boolean complete() {
        return !objects.isEmpty();
    }
}
