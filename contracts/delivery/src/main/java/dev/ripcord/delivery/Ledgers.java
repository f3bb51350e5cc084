package dev.ripcord.delivery;

import dev.ripcord.delivery.Tasks.Claim;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Opens ledgers, and has what they make begun at once: a task belongs from its first moment to the process that makes it,
 * which need not look for it and claim it. A few at a time; others are left to whoever claims them, and so are those of a
 * process that ends before it has begun them, when their lease ends.
 */
@ApplicationScoped
class Ledgers {

    static final Duration LEASE = Duration.ofSeconds(6);
    private static final int AT_ONCE = 4;

    private final String owner = UUID.randomUUID().toString();
    private final Semaphore free = new Semaphore(AT_ONCE);
    private final StateDatabase database;
    private final Announcer announcer;
    private volatile @Nullable Consumer<Claim> runner;

    Ledgers(StateDatabase database, Announcer announcer) {
        this.database = database;
        this.announcer = announcer;
    }

    /** By which this process holds its tasks. */
    String owner() {
        return owner;
    }

    /** Who begins what is made from now on, and tells each time that he has {@link #ended}. */
    void beginWith(Consumer<Claim> runner) {
        this.runner = runner;
    }

    void ended() {
        free.release();
    }

    /** Runs work in one transaction. */
    <T> T write(@Nullable String traceparent, Function<Ledger, T> work) {
        Own own = new Own();
        T result;
        try {
            result = database.transaction(transaction -> work.apply(announcer.ledger(transaction, traceparent, own)));
        } catch (RuntimeException e) {
            free.release(own.reserved);
            throw e;
        }
        Consumer<Claim> begin = runner;
        if (begin != null) own.made.forEach(begin);
        return result;
    }

    /** The tasks of one ledger that this process keeps for itself. */
    final class Own {

        private final List<Claim> made = new ArrayList<>();
        private int reserved;

        /** Whether it can keep the one that is made next. */
        boolean reserve() {
            if (runner == null || !free.tryAcquire()) return false;
            reserved++;
            return true;
        }

        void made(Claim claim) {
            made.add(claim);
        }

        /** The one that was reserved for is there already. */
        void notMade() {
            reserved--;
            free.release();
        }

        String owner() {
            return owner;
        }
    }
}
