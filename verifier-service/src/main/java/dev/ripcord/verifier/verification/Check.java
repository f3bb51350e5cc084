package dev.ripcord.verifier.verification;

import dev.ripcord.events.VerificationEvent.Finding;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** One question to a live database or its application; a bean of this type is asked in every verification. */
public interface Check {

    /** Its name in results, for people. */
    String name();

    /** Whether there is anything to ask in this verification. */
    default boolean applies(Context context, Occasion occasion) {
        return true;
    }

    /** When it is asked: what holds the database against its snapshot, only where it is meant to equal it. */
    default Set<Occasion> occasions() {
        return Set.of(Occasion.verification, Occasion.schema);
    }

    /** How long it may take; one that takes longer is inconclusive. */
    default Duration limit(Context context) {
        return Duration.ofSeconds(60);
    }

    /**
     * Looks, and changes nothing.
     *
     * @return what differs from what should be, empty if nothing does
     * @throws RuntimeException if it cannot be carried out, which makes it inconclusive
     */
    List<Finding> run(Context context);
}
