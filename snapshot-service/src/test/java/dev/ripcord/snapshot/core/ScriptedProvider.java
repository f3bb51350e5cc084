package dev.ripcord.snapshot.core;

import dev.ripcord.databases.EnrolledDatabase.Form;
import dev.ripcord.events.Manifest;
import dev.ripcord.events.Shadow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** A provider whose outcomes are said beforehand, and that remembers what it was asked for. */
final class ScriptedProvider implements Provider {

    static final Taken TAKEN = new Taken(Instant.now(), 1000, 50, 40, Map.of());
    static final Shadow SHADOW = new Shadow("shop__shadow_one", 77, "123", "4711");
    static final Manifest MANIFEST = new Manifest(
            "4711", "18.6", "shop", TAKEN.takenAt(), "", List.of(), List.of(), List.of(), Map.of(), null, List.of());

    Supplier<Take> take = () -> TAKEN;
    Supplier<Restoration> restore = () -> new Restored(SHADOW);
    final List<String> asked = new ArrayList<>();

    @Override
    public Form form() {
        return Form.clone;
    }

    @Override
    public Take take(Order order) {
        asked.add("take");
        return take.get();
    }

    @Override
    public Manifest manifest(Order order, Taken taken) {
        return MANIFEST;
    }

    @Override
    public Restoration restore(Order order, Manifest manifest, String shadow, Progress progress) {
        asked.add("restore " + shadow);
        return restore.get();
    }

    @Override
    public void discard(Order order, String shadow) {
        asked.add("discard " + shadow);
    }

    @Override
    public void drop(Order order, Shadow shadow) {
        asked.add("drop " + shadow.name());
    }

    @Override
    public void delete(Order order, Optional<String> shadow) {
        asked.add("delete" + shadow.map(id -> " with shadow " + id).orElse(""));
    }
}
