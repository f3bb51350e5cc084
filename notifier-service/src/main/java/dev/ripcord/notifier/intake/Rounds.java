package dev.ripcord.notifier.intake;

import io.vertx.sqlclient.Row;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/** Looks for something again and again on a thread of its own; a look that fails is followed by the next. */
final class Rounds {

    private static final Logger LOG = Logger.getLogger(Rounds.class);

    private final CountDownLatch stopped = new CountDownLatch(1);

    /** Begins; {@code what} is looked for, for the log. */
    void start(String what, Duration every, Runnable look) {
        Thread.ofVirtual().name(what).start(() -> {
            try {
                while (!stopped.await(every.toMillis(), TimeUnit.MILLISECONDS)) {
                    try {
                        look.run();
                    } catch (RuntimeException | OutOfMemoryError e) {
                        LOG.warnf("Cannot look for %s, will try again: %s", what, e.getMessage());
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /** Does it with each row; one that cannot be dealt with keeps nobody else waiting. */
    static void each(String what, Iterable<Row> rows, Consumer<Row> work) {
        for (Row row : rows) {
            try {
                work.accept(row);
            } catch (RuntimeException e) {
                LOG.warnf("Cannot deal with one of the %s, will try again: %s", what, e.getMessage());
            }
        }
    }

    /** Ends after the look that is under way. */
    void stop() {
        stopped.countDown();
    }
}
