package dev.ripcord.rollback.method.schema;

import java.util.LinkedHashSet;
import java.util.Set;

/** What comes back from the copy: what the live structure lacks, and what had to make way there. */
final class Coming {

    private final Set<String> back = new LinkedHashSet<>();
    private final Structure copy;
    private final Going going;

    Coming(Structure live, Structure copy, Going going) {
        this.copy = copy;
        this.going = going;
        for (String key : copy.parts().keySet()) {
            if (live.part(key) == null && !live.inherited(key) || going.dropped.contains(key)) back.add(key);
        }
    }

    Set<String> back() {
        return back;
    }

    /** Whether the table is made, not only changed: with its columns. */
    boolean madeTable(String table) {
        return back.contains(table) || going.rebuilt.contains(table);
    }

    /** Whether a column comes with the table or from its parent. */
    boolean absorbed(Part part) {
        if (!part.is("column")) return false;
        Column column = copy.column(part.key());
        return column != null && (column.inherited() || madeTable("table " + column.table()));
    }
}
