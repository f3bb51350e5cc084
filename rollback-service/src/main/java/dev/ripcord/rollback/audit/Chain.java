package dev.ripcord.rollback.audit;

import dev.ripcord.rollback.audit.Verdict.Broken;
import dev.ripcord.rollback.audit.Verdict.Intact;
import org.jspecify.annotations.Nullable;

/** Follows the records from the first to the last and holds each against the one before; keeps none of them. */
final class Chain {

    private final @Nullable Head kept;
    private Head last = Head.NONE;
    private @Nullable Broken broken;

    /**
     * A chain of which nothing was seen yet.
     *
     * @param kept a head that was kept elsewhere, null for none
     */
    Chain(@Nullable Head kept) {
        this.kept = kept;
        holdAgainstKept();
    }

    /** Takes the next record; whether the chain holds so far. */
    boolean holds(Entry entry) {
        if (broken != null) return false;
        long position = last.position() + 1;
        if (entry.position() != position) {
            broken = new Broken(position, "record " + position, "record " + entry.position());
        } else if (!entry.previous().equals(last.hash())) {
            broken = new Broken(position, "previous hash " + last.hash(), entry.previous());
        } else if (!entry.hash().equals(entry.computed())) {
            broken = new Broken(position, "a record with the hash " + entry.hash(), "one with " + entry.computed());
        } else {
            last = new Head(position, entry.hash());
            holdAgainstKept();
        }
        return broken == null;
    }

    /** After the last record. */
    Verdict verdict() {
        if (broken != null) return broken;
        if (kept != null && kept.position() > last.position()) {
            return new Broken(
                    last.position() + 1, "records up to " + kept.position(), "the end after " + last.position());
        }
        return new Intact(last.position(), last);
    }

    private void holdAgainstKept() {
        if (kept != null && kept.position() == last.position() && !kept.hash().equals(last.hash())) {
            broken = new Broken(last.position(), "the kept hash " + kept.hash(), last.hash());
        }
    }
}
