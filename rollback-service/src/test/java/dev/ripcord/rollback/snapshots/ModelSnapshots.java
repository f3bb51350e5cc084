package dev.ripcord.rollback.snapshots;

import dev.ripcord.events.Manifest;
import dev.ripcord.events.Shadow;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Those that are taken before a change in place, as soon as it is known what became of them. */
public final class ModelSnapshots extends KnownSnapshots {

    private final Map<String, Known> known = new HashMap<>();

    @SuppressWarnings("NullAway") // nothing here speaks to a database
    public ModelSnapshots() {
        super(null);
    }

    /** It was proven by this copy. */
    public void proven(String migration, Shadow copy) {
        Manifest manifest =
                new Manifest("", "", "", Instant.EPOCH, "", List.of(), List.of(), List.of(), Map.of(), null, List.of());
        known.putIfAbsent(migration, new Known(migration, migration, Instant.EPOCH, copy, manifest, null, false));
    }

    /** There will be none. */
    public void failed(String migration) {
        known.putIfAbsent(migration, new Known(migration, migration, null, null, null, "why", false));
    }

    @Override
    public Optional<Known> meant(String database, @Nullable String snapshot, @Nullable String migration) {
        return Optional.ofNullable(known.get(migration));
    }
}
