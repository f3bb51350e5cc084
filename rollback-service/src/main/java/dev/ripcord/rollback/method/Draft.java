package dev.ripcord.rollback.method;

import dev.ripcord.events.TableLoss;
import java.util.ArrayList;
import java.util.List;

/** What a method would do. */
public sealed interface Draft {

    /**
     * It can be done.
     *
     * @param steps for people, in order
     * @param loss per table
     */
    record Ready(List<String> steps, List<TableLoss> loss) implements Draft {
        public Ready {
            steps = List.copyOf(steps);
            loss = List.copyOf(loss);
        }

        /** The same with a note after the steps. */
        public Ready noted(String note) {
            List<String> more = new ArrayList<>(steps);
            more.add("-- " + note);
            return new Ready(more, loss);
        }
    }

    /** The database is already as it is wanted. */
    record Nothing(String reason) implements Draft {}

    /** This way cannot be gone here; the next one may. */
    record NotAvailable(String reason) implements Draft {}

    /** The request itself is wrong: another way would do what nobody meant. */
    record Wrong(String reason, String next) implements Draft {}
}
