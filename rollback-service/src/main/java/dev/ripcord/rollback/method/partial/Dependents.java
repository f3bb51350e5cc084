package dev.ripcord.rollback.method.partial;

import dev.ripcord.rollback.method.partial.Differences.Difference;
import dev.ripcord.rollback.method.partial.Differences.Kind;
import dev.ripcord.rollback.method.partial.Touched.Through;
import io.vertx.sqlclient.Row;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** The rows of tables that were not named which refer to rows that go, and the rows that refer to those in turn. */
final class Dependents {

    private final Touched touched;
    private final Deque<Work> work = new ArrayDeque<>();

    private record Work(long table, List<RowId> rows) {}

    Dependents(Touched touched) {
        this.touched = touched;
    }

    void find() {
        for (Pair pair : touched.named.values()) {
            for (ForeignKey key : touched.liveTables.foreignKeys()) {
                if (key.parent() == pair.live().oid() && key.enforced() && concerned(key)) of(pair, key);
            }
        }
        while (!work.isEmpty()) {
            Work next = work.remove();
            for (ForeignKey key : touched.liveTables.foreignKeys()) {
                if (key.parent() == next.table() && key.enforced() && !touched.isNamed(key.child())) {
                    byLeaf(next.rows()).forEach((leaf, rows) -> doom(key, leaf, RowId.texts(rows)));
                }
            }
        }
    }

    private static Map<Long, List<RowId>> byLeaf(Collection<RowId> rows) {
        return rows.stream().collect(Collectors.groupingBy(RowId::leaf));
    }

    /** Tables that were not named, and named ones whose reference is newer than the snapshot and stays as it is. */
    private boolean concerned(ForeignKey key) {
        Pair child = touched.named.get(key.child());
        return child == null || !child.shared().containsAll(key.childColumns());
    }

    private void of(Pair pair, ForeignKey key) {
        boolean comparable = pair.copy().columnNames().containsAll(key.parentColumns())
                && pair.live().columns().stream()
                        .filter(column -> key.parentColumns().contains(column.name()))
                        .allMatch(column -> column.generated() || pair.shared().contains(column.name()));
        Set<Kind> going = comparable && !pair.keyColumns().containsAll(key.parentColumns())
                ? Set.of(Kind.DELETE, Kind.UPDATE, Kind.MOVE, Kind.REPLACE)
                : Set.of(Kind.DELETE);
        Differences differences =
                Objects.requireNonNull(touched.differences.get(pair.live().oid()));
        differences.each(going, Touched.BATCH, batch -> {
            List<RowId> rows = batch.stream()
                    .map(Difference::live)
                    .filter(Objects::nonNull)
                    .toList();
            byLeaf(rows).forEach((leaf, some) -> {
                String[] gone = gone(pair, key, leaf, some, comparable);
                if (gone.length > 0) doom(key, leaf, gone);
            });
        });
    }

    /** Those of the live rows that somebody refers to and whose key no row of the snapshot has. */
    private String[] gone(Pair pair, ForeignKey key, long leaf, List<RowId> rows, boolean comparable) {
        Table child = touched.liveTables.table(key.child());
        List<Row> meant = touched.live.query(
                "select p.ctid::text as tid, " + (comparable ? pair.forCopy() : "''::text") + " as v from only "
                        + touched.liveTables.name(leaf)
                        + " p where p.ctid = any ($1::text[]::tid[]) and exists (select 1 from " + child.from()
                        + " d where " + key.matches("p", "d") + ")",
                (Object) RowId.texts(rows));
        if (meant.isEmpty() || !comparable) {
            return meant.stream().map(row -> row.getString("tid")).toArray(String[]::new);
        }
        List<Row> absent = touched.copy.query(
                "select x.n from (select u.n, u.v::" + pair.copy().name()
                        + " as r from unnest($1::text[]) with ordinality u(v, n) offset 0) x"
                        + " where not exists (select 1 from " + pair.copy().from() + " q where "
                        + key.same("q", "(x.r)") + ")",
                (Object) meant.stream().map(row -> row.getString("v")).toArray(String[]::new));
        return absent.stream()
                .map(row -> meant.get(row.getLong("n").intValue() - 1).getString("tid"))
                .toArray(String[]::new);
    }

    private void doom(ForeignKey key, long leaf, String[] gone) {
        Table child = touched.liveTables.table(key.child());
        List<RowId> found = touched
                .live
                .query(
                        "select " + RowId.columns("d") + " from " + child.from()
                                + " d where exists (select 1 from only "
                                + touched.liveTables.name(leaf) + " p where p.ctid = any ($1::text[]::tid[]) and "
                                + key.matches("p", "d") + ")",
                        (Object) gone)
                .stream()
                .map(RowId::of)
                .toList();
        if (found.isEmpty()) return;
        if (touched.isNamed(child.oid())) {
            Set<RowId> staying = new LinkedHashSet<>(found);
            Objects.requireNonNull(touched.differences.get(child.oid()))
                    .each(
                            Set.of(Kind.DELETE),
                            Touched.BATCH,
                            batch -> batch.forEach(row -> staying.remove(row.live())));
            if (staying.isEmpty()) return;
            touched.refusals.add(staying.size() + " rows of " + child.name() + " refer by " + key.name()
                    + ", which is newer than the snapshot, to rows that did not exist then");
            return;
        }
        Set<RowId> known = touched.doomed.computeIfAbsent(child.oid(), oid -> new LinkedHashSet<>());
        List<RowId> fresh = new ArrayList<>();
        for (RowId row : found) {
            if (known.add(row)) fresh.add(row);
        }
        if (fresh.isEmpty()) return;
        touched.dependents.merge(new Through(child.name(), key.name()), (long) fresh.size(), Long::sum);
        if (known.size() > Touched.MOST) {
            touched.refusals.add("more than " + Touched.MOST + " rows of " + child.name() + " refer by " + key.name()
                    + " to rows that did not exist at the snapshot: name it among the tables");
        } else {
            work.add(new Work(child.oid(), fresh));
        }
    }
}
