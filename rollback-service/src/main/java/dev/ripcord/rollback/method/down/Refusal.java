package dev.ripcord.rollback.method.down;

import dev.ripcord.rollback.method.down.DownPlan.Next;

/** Ends planning at the place where it turns out to be impossible; {@link Down#plan} makes a value of it. */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final Next next;

    Refusal(String reason, Next next) {
        super(reason, null, false, false);
        this.next = next;
    }

    static Refusal restore(String reason) {
        return new Refusal(reason, Next.restore);
    }

    DownPlan.Refused plan() {
        return new DownPlan.Refused(String.valueOf(getMessage()), next);
    }
}
