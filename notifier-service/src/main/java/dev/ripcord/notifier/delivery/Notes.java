package dev.ripcord.notifier.delivery;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * What a channel remembers between two messages about the same thing, such as the id that the provider gave it. A note is
 * kept as soon as it is made: a crash loses at most the one that was about to be written.
 */
public final class Notes {

    private final Map<String, String> kept;
    private final BiConsumer<String, String> write;

    /**
     * Notes as they were kept.
     *
     * @param write keeps a note by its name, and throws if it cannot
     */
    public Notes(Map<String, String> kept, BiConsumer<String, String> write) {
        this.kept = new HashMap<>(kept);
        this.write = write;
    }

    /** The note of this name, if there is one. */
    public Optional<String> find(String name) {
        return Optional.ofNullable(kept.get(name));
    }

    /** Whether the note of this name says this. */
    public boolean says(String name, String value) {
        return value.equals(kept.get(name));
    }

    /** Keeps a note, in the place of an older one of this name. */
    public void keep(String name, String value) {
        if (says(name, value)) return;
        write.accept(name, value);
        kept.put(name, value);
    }
}
