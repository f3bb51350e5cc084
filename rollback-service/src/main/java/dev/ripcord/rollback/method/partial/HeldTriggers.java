package dev.ripcord.rollback.method.partial;

import dev.ripcord.databases.PgSession;
import java.util.List;

/** Users' triggers on the tables of a plan, held back until the rows are written and proven; in the same transaction, so that a failure releases them. */
final class HeldTriggers {

    private final PgSession live;
    private final List<Long> tables;
    private final List<Trigger> before;
    private final boolean replica;

    private HeldTriggers(PgSession live, List<Long> tables, List<Trigger> before, boolean replica) {
        this.live = live;
        this.tables = tables;
        this.before = before;
        this.replica = replica;
    }

    static HeldTriggers hold(Draft draft) {
        PgSession live = draft.touched.live;
        List<Long> tables = draft.touched.tables().stream()
                .flatMap(table -> draft.touched.liveTables.family(table.oid()).stream())
                .toList();
        HeldTriggers held = new HeldTriggers(live, tables, Trigger.of(live, tables), draft.means.replica());
        if (held.replica) live.execute("set local session_replication_role = replica");
        else live.execute("set constraints all deferred");
        held.disabled().forEach(trigger -> trigger.disable(live));
        return held;
    }

    /** Each as it was. */
    void release() {
        disabled().forEach(trigger -> trigger.enable(live));
        if (!Trigger.of(live, tables).equals(before)) {
            throw new IllegalStateException("The triggers are not as they were before");
        }
    }

    private List<Trigger> disabled() {
        return before.stream().filter(trigger -> trigger.fires(replica)).toList();
    }
}
