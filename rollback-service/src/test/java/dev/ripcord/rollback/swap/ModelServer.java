package dev.ripcord.rollback.swap;

import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.databases.Identity;
import dev.ripcord.databases.RefusedException;
import dev.ripcord.events.RollbackRequestEvent.ReopenAsked;
import dev.ripcord.events.Shadow;
import dev.ripcord.rollback.core.RollbackState.Swapping;
import dev.ripcord.rollback.core.Swapped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A database server as no more than the facts that a rollback by swap can change, with the guards of the real one: an older
 * owner is refused, a command swaps once, what is not the planned database or not a sealed copy is not touched.
 */
public final class ModelServer extends Swap {

    /** What goes wrong with the next act. */
    public enum Trouble {
        /** Nothing. */
        none,
        /** The server cannot be reached. */
        away,
        /** It fails while the live database is closed, which it stays. */
        closed,
        /** It is done, and nobody hears of it. */
        unheard,
        /** It cannot be done where the database stands. */
        not
    }

    private static final String SYSTEM = "7000";

    private long nextOid = 1;
    private long live = nextOid++;
    private boolean open = true;
    private Trouble trouble = Trouble.none;
    private final Map<String, Long> newestFence = new HashMap<>();
    private final Map<String, Swapped> done = new HashMap<>();
    private final Set<String> reopened = new HashSet<>();
    private final Map<Long, String> sealed = new HashMap<>();
    private final List<String> swaps = new ArrayList<>();
    private final List<String> changes = new ArrayList<>();

    @SuppressWarnings("NullAway") // nothing here speaks to a server
    public ModelServer() {
        super(null);
    }

    public void nextMeets(Trouble next) {
        trouble = next;
    }

    public Identity identity() {
        return new Identity(SYSTEM, "marker", live, 180000);
    }

    public boolean open() {
        return open;
    }

    /** Every swap, by its command, in order. */
    public List<String> swaps() {
        return List.copyOf(swaps);
    }

    /** Every change of the live database where it stands, by its command, in order. */
    public List<String> changes() {
        return List.copyOf(changes);
    }

    /** Somebody looks at it only; false where it says that what he wants cannot be done. */
    public boolean reads() {
        meet(Trouble.away);
        return !refuses();
    }

    /** Changes the live database where it stands, once for each command; false where it says that this cannot be done. */
    public boolean change(String command, Identity planned, long fence) {
        meet(Trouble.away);
        if (!identity().equals(planned)) throw new RefusedException("another database is live");
        if (changes.contains(command)) return true;
        guard(command, fence);
        meet(Trouble.closed); // its transaction is taken back
        if (refuses()) return false;
        changes.add(command);
        meet(Trouble.unheard);
        return true;
    }

    private boolean refuses() {
        if (trouble != Trouble.not) return false;
        trouble = Trouble.none;
        return true;
    }

    /** A closed copy of a snapshot that equals its manifest. */
    public Shadow copyOf(String snapshot) {
        long oid = nextOid++;
        sealed.put(oid, snapshot);
        return new Shadow("shop__shadow_" + oid, oid, "seal-" + oid, SYSTEM);
    }

    public boolean isSealed(Shadow copy) {
        return sealed.containsKey(copy.oid());
    }

    /** Somebody writes to every copy there is. */
    public void breakSeals() {
        sealed.clear();
    }

    /** The owner with the newest fence is the only one from here on. */
    public void guard(String command, long fence) {
        if (fence < newestFence.getOrDefault(command, 0L)) throw new RefusedException("another owner is newer");
        newestFence.put(command, fence);
    }

    @Override
    public Done perform(EnrolledDatabase database, Swapping state, long fence) {
        String command = state.request().rollback();
        meet(Trouble.away);
        Swapped before = done.get(command);
        if (before != null) return new Done.Found(before);
        guard(command, fence);
        open = true;
        if (reopened.contains(command)) throw new RefusedException("it was opened at a person's word");
        if (live != state.identity().oid()) throw new RefusedException("another database is live");
        if (!state.target().snapshot().equals(sealed.get(state.copy().oid()))) {
            throw new RefusedException("the copy is not what was proven");
        }
        open = false;
        meet(Trouble.closed);
        sealed.remove(state.copy().oid());
        sealed.put(live, command);
        Swapped swapped =
                new Swapped("shop__failed_" + live, live, "seal-" + live, 100, Instant.now(), SYSTEM, List.of());
        live = state.copy().oid();
        open = true;
        swaps.add(command);
        done.put(command, swapped);
        meet(Trouble.unheard);
        return new Done.Made(swapped, List.of());
    }

    @Override
    public Optional<Swapped> swapped(EnrolledDatabase database, String rollback, Identity identity) {
        meet(Trouble.away);
        return Optional.ofNullable(done.get(rollback));
    }

    @Override
    public boolean openForgotten(EnrolledDatabase database, String rollback, String by) {
        return false; // in no history a backup is older than a fence that is still up
    }

    @Override
    public Optional<Swapped> lowerFence(
            EnrolledDatabase database, Swapping state, long fence, Optional<ReopenAsked> signed) {
        String command = state.request().rollback();
        meet(Trouble.away);
        if (signed.isPresent()) reopened.add(command);
        else guard(command, fence);
        open = true;
        meet(Trouble.unheard);
        return Optional.ofNullable(done.get(command));
    }

    private void meet(Trouble expected) {
        if (trouble != expected) return;
        trouble = Trouble.none;
        throw new IllegalStateException("no answer: " + expected);
    }
}
