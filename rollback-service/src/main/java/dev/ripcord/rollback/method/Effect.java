package dev.ripcord.rollback.method;

import dev.ripcord.events.TableLoss;
import java.util.List;

/** What became of an act. */
public sealed interface Effect {

    /** It is done, and committed. */
    record Done(String detail, List<TableLoss> loss) implements Effect {
        public Done {
            loss = List.copyOf(loss);
        }
    }

    /** Nothing was changed, and this way is not to be had. */
    record NotDone(String reason) implements Effect {}

    /** Nothing was changed: what the plan says does not hold any more. */
    record Outdated(String reason) implements Effect {}
}
