package dev.ripcord.rollback.method.partial;

import dev.ripcord.rollback.method.partial.Table.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Whether a table can be restored at all, before its rows are looked at, and what somebody should know of it. */
final class Preflight {

    private static final String MATERIALIZED = """
            with recursive depending(oid) as (
                select $1::bigint::oid
                union select r.ev_class from depending p join pg_depend d on d.refclassid = 'pg_class'::regclass and d.refobjid = p.oid and d.classid = 'pg_rewrite'::regclass
                      join pg_rewrite r on r.oid = d.objid)
            select format('%I.%I', n.nspname, c.relname) as name from depending p join pg_class c on c.oid = p.oid join pg_namespace n on n.oid = c.relnamespace
             where c.relkind = 'm' order by 1""";

    private final Touched touched;
    private final Means means;

    Preflight(Touched touched, Means means) {
        this.touched = touched;
        this.means = means;
    }

    /** The tables that were asked for, those that are not refused outright. */
    void resolve(List<String> asked) {
        if (asked.isEmpty()) refuse("no table was named");
        if (!means.counted()) refuse("track_counts is off: it could not be proven that no other table changed");
        for (String each : asked) {
            List<Catalogue.Entry> meant = touched.liveTables.meant(each);
            if (meant.isEmpty()) {
                refuse("there is no table " + each
                        + (touched.copyTables.meant(each).isEmpty() ? "" : " any more, only in the snapshot"));
            } else if (meant.size() > 1) {
                refuse(each + " is ambiguous: "
                        + String.join(
                                ", ",
                                meant.stream()
                                        .map(Catalogue.Entry::name)
                                        .sorted()
                                        .toList()));
            } else {
                resolve(meant.getFirst());
            }
        }
    }

    private void resolve(Catalogue.Entry entry) {
        String not = switch (entry.kind()) {
            case "r", "p" -> "";
            case "v" -> " is a view";
            case "m" -> " is a materialized view: refresh it instead";
            default -> " is a foreign table";
        };
        if (!not.isEmpty()) {
            refuse(entry.name() + not);
        } else if (entry.root() != entry.oid()) {
            refuse(entry.name() + " is a partition: name the whole table " + touched.liveTables.name(entry.root()));
        } else {
            Table table = touched.liveTables.table(entry.oid());
            Optional<Pair> pair = touched.pair(table);
            if (pair.isEmpty()) refuse(table.name() + " did not exist at the snapshot");
            else if (!pair.get().copy().kind().matches("[rp]")) refuse(table.name() + " was no table at the snapshot");
            else touched.named.put(table.oid(), pair.get());
        }
    }

    /** Whatever stands against writing to this table. */
    void writable(Table table) {
        if (table.temporary()) refuse(table.name() + " is a temporary table");
        if (table.foreignParts()) refuse(table.name() + " has partitions that are foreign tables");
        if (table.hidden()) refuse(table.name() + ": row security would hide rows from this role");
        if (!table.writable()) {
            refuse(table.name() + ": this role may not select, insert, update and delete all of it");
        }
        List<String> rules =
                means.replica() ? table.rules().held() : table.rules().usual();
        if (!rules.isEmpty())
            refuse(table.name() + ": rules would rewrite what is written: " + String.join(", ", rules));
        if (!table.unchecked().isEmpty()) {
            refuse(table.name() + ": deferrable exclusion constraints cannot be checked while triggers are held back: "
                    + String.join(", ", table.unchecked()));
        }
        for (OwnedSequence sequence : OwnedSequence.of(touched.live, table)) {
            if (!sequence.settable()) refuse("no right to set the sequence " + sequence.name());
        }
        for (ForeignKey key : touched.liveTables.foreignKeys()) {
            if (key.child() == table.oid() || key.parent() == table.oid()) foreignKey(key);
        }
        partitionsWithKeys(table);
    }

    private void foreignKey(ForeignKey key) {
        if (key.temporal() && key.enforced()) refuse("the foreign key " + key.name() + " is over periods");
        Table parent = touched.liveTables.table(key.parent());
        if (!parent.writable()) {
            refuse(parent.name() + ": this role may not lock rows of it, which the foreign key " + key.name()
                    + " asks for");
        }
    }

    private void partitionsWithKeys(Table table) {
        List<Long> family = touched.liveTables.family(table.oid());
        for (ForeignKey key : touched.liveTables.foreignKeys()) {
            if (key.ofPartition() && (family.contains(key.child()) || family.contains(key.parent()))) {
                refuse("the foreign key " + key.name() + " belongs to a single partition");
            }
        }
    }

    /** Whether the columns fit; what must be left out must not hold anything. */
    void columns(Pair pair, boolean inserts, boolean writes) {
        pair.misfits().forEach(this::refuse);
        for (String column : pair.dropped()) {
            long lost = touched.copy
                    .query("select count(" + column + ") as n from "
                            + pair.copy().from())
                    .getFirst()
                    .getLong("n");
            String gone = pair.live().columnNames().contains(column) ? " is generated now" : " no longer exists";
            String what = pair.name() + ": column " + column + gone + ", and " + lost
                    + " rows of the snapshot have a value in it";
            if (lost == 0) continue;
            if (touched.options.leaveDroppedColumns()) touched.warnings.add(what + ", which does not come back");
            else refuse(what);
        }
        for (String name : pair.newer()) {
            Column column = pair.live().columns().stream()
                    .filter(each -> each.name().equals(name))
                    .findFirst()
                    .orElseThrow();
            String what = pair.name() + ": column " + name + " is newer than the snapshot";
            if (inserts && column.notNull() && !column.defaulted())
                refuse(what + ", must not be null and has no default");
            if (writes && column.demanding()) refuse(what + ", and its type forbids null");
            if (writes && pair.key().isEmpty())
                refuse(what + ", and without a key nobody can tell which rows keep its values");
            if (writes)
                touched.warnings.add(what + ": rows that stay keep its value, rows that come back get the default");
        }
    }

    /** What somebody should know before they agree. */
    void warnings(Table table) {
        if (table.secured()) touched.warnings.add(table.name() + " has row security; the restore is not subject to it");
        if (table.inherited())
            touched.warnings.add(table.name() + " has children by inheritance, which are tables of their own");
        touched.live
                .query(MATERIALIZED, table.oid())
                .forEach(row -> touched.warnings.add("materialized view " + row.getString("name") + " depends on "
                        + table.name() + ": refresh it afterwards"));
        List<String> held = new ArrayList<>();
        for (Trigger trigger : Trigger.of(touched.live, touched.liveTables.family(table.oid()))) {
            if (!trigger.fires(true) && !trigger.fires(false)) continue;
            held.add(trigger.title());
            if (trigger.fires(means.replica()) && !trigger.owned()) {
                refuse(trigger.title() + " cannot be held back: the table belongs to another role");
            }
        }
        if (!held.isEmpty()) touched.warnings.add("triggers held back during the restore: " + String.join(", ", held));
    }

    private void refuse(String reason) {
        touched.refusals.add(Objects.requireNonNull(reason));
    }
}
