package dev.ripcord.rollback.method.down;

/** How far back to go. */
public sealed interface Aim {

    /** The newest applied migration is undone. */
    record Last() implements Aim {}

    /** So many of the newest applied migrations are undone, one at least. */
    record Count(int count) implements Aim {
        public Count {
            if (count < 1) throw new IllegalArgumentException("At least one migration is undone, not " + count);
        }
    }

    /** All that came after this version is undone; the version itself stays. */
    record To(String version) implements Aim {}
}
