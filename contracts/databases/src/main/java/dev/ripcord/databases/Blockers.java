package dev.ripcord.databases;

import dev.ripcord.databases.AdminSession.Blocker;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What must not be going on in a database that is closed: schema changes and prepared transactions. What ends soon, as the
 * temporary tables of an application do, is waited for; where only other sessions do the like at the next look, it counts as
 * ordinary work. A session that is at it at every look lasts, however short its transactions are: so does a migration that
 * commits each of its statements.
 */
public final class Blockers {

    /** How long something must last to stand in the way. */
    public static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

    private Blockers() {}

    /** Those that do not end within {@link #PATIENCE}, one line each; returns as soon as no session is left that was at it at every look. */
    public static List<String> lasting(AdminSession admin, Identity identity) {
        long until = System.nanoTime() + PATIENCE.toNanos();
        @Nullable Set<String> atEveryLook = null;
        while (true) {
            // the second is sent along with the first, whose answer mostly is that there are none
            Supplier<List<Blocker>> asked = admin.askForBlockers(identity, Duration.ZERO);
            Supplier<List<Blocker>> old = admin.askForBlockers(identity, PATIENCE);
            List<Blocker> now = asked.get();
            Set<String> sessions = now.stream().map(Blocker::session).collect(Collectors.toCollection(HashSet::new));
            if (atEveryLook != null) sessions.retainAll(atEveryLook);
            if (sessions.isEmpty()) return lines(old.get());
            if (System.nanoTime() > until) {
                return lines(now.stream()
                        .filter(each -> sessions.contains(each.session()))
                        .toList());
            }
            atEveryLook = sessions;
            LockSupport.parkNanos(LOOK_AGAIN.toNanos());
        }
    }

    /** Those whose transaction has lasted for {@link #PATIENCE}, one line each, without waiting. */
    public static List<String> old(AdminSession admin, Identity identity) {
        return lines(admin.blockers(identity, PATIENCE));
    }

    private static List<String> lines(List<Blocker> blockers) {
        return blockers.stream().map(Blocker::what).toList();
    }
}
