package dev.ripcord.rollback.method;

import dev.ripcord.events.TableLoss;
import java.util.ArrayList;
import java.util.List;

/** What became of an act. */
public sealed interface Effect {

    /**
     * It is done, and committed.
     *
     * @param notes what was found or done besides, in order
     */
    record Done(String detail, List<TableLoss> loss, List<Note> notes) implements Effect {
        public Done {
            loss = List.copyOf(loss);
            notes = List.copyOf(notes);
        }

        /** Without anything besides. */
        public Done(String detail, List<TableLoss> loss) {
            this(detail, loss, List.of());
        }

        /** The same with one more note. */
        public Done and(Note note) {
            List<Note> more = new ArrayList<>(notes);
            more.add(note);
            return new Done(detail, loss, more);
        }
    }

    /** Something done besides, told as a step of its own. */
    record Note(String step, long millis, String detail) {}

    /** Nothing was changed, and this way is not to be had. */
    record NotDone(String reason) implements Effect {}

    /** Nothing was changed: what the plan says does not hold any more. */
    record Outdated(String reason) implements Effect {}
}
