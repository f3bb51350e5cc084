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
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The rows that restored rows refer to and that the live database no longer has, and the rows that those refer to in turn. */
final class MissingParents {

    private final Touched touched;
    private final Deque<Work> work = new ArrayDeque<>();

    private record Work(Pair child, List<RowId> rows) {}

    MissingParents(Touched touched) {
        this.touched = touched;
    }

    void find() {
        for (Pair pair : touched.named.values()) {
            Set<Kind> written = Set.of(Kind.INSERT, Kind.UPDATE, Kind.MOVE, Kind.REPLACE);
            Differences differences =
                    Objects.requireNonNull(touched.differences.get(pair.live().oid()));
            differences.each(written, Touched.BATCH, batch -> {
                work.add(new Work(
                        pair,
                        batch.stream()
                                .map(Difference::copy)
                                .filter(Objects::nonNull)
                                .toList()));
                while (!work.isEmpty()) follow(work.remove());
            });
        }
    }

    private void follow(Work next) {
        for (ForeignKey key : touched.liveTables.foreignKeys()) {
            if (key.child() != next.child().live().oid() || !key.enforced() || touched.isNamed(key.parent())) continue;
            if (!next.child().shared().containsAll(key.childColumns())) continue;
            Map<Long, List<RowId>> byLeaf = next.rows().stream().collect(Collectors.groupingBy(RowId::leaf));
            byLeaf.forEach((leaf, rows) -> follow(next.child(), key, touched.copyTables.name(leaf), rows));
        }
    }

    private void follow(Pair child, ForeignKey key, String leaf, List<RowId> rows) {
        String columns =
                key.childColumns().stream().map(column -> "c." + column).collect(Collectors.joining(", "));
        List<Row> meant = touched.copy.query(
                "select distinct on (" + columns + ") c.ctid::text as tid, " + child.forLive() + " as v from only "
                        + leaf + " c where c.ctid = any ($1::text[]::tid[]) and " + key.means("c"),
                (Object) RowId.texts(rows));
        if (meant.isEmpty()) return;
        Table parent = touched.liveTables.table(key.parent());
        List<Row> absent = touched.live.query(
                "select x.n from (select u.n, u.v::" + child.name()
                        + " as r from unnest($1::text[]) with ordinality u(v, n) offset 0) x"
                        + " where not exists (select 1 from " + parent.from() + " p where "
                        + key.matches("p", "(x.r)") + ")",
                (Object) meant.stream().map(row -> row.getString("v")).toArray(String[]::new));
        if (absent.isEmpty()) return;
        String[] children = absent.stream()
                .map(row -> meant.get(row.getLong("n").intValue() - 1).getString("tid"))
                .toArray(String[]::new);
        bring(child, key, leaf, parent, children);
    }

    private void bring(Pair child, ForeignKey key, String leaf, Table parent, String[] children) {
        Optional<Pair> pair = touched.pair(parent);
        String what = "rows of " + child.name() + " refer by " + key.name() + " to rows of " + parent.name();
        if (pair.isEmpty() || !pair.get().copy().columnNames().containsAll(key.parentColumns())) {
            touched.refusals.add(what + " that do not exist, and at the snapshot there was no such reference");
            return;
        }
        List<Row> found = touched.copy.query(
                "select distinct " + RowId.columns("p") + " from only " + leaf + " c left join "
                        + pair.get().copy().from() + " p on (" + key.matches("p", "c")
                        + ") where c.ctid = any ($1::text[]::tid[])",
                (Object) children);
        if (found.stream().anyMatch(row -> row.getLong("leaf") == null)) {
            touched.refusals.add(what + " that exist neither now nor at the snapshot");
        }
        Set<RowId> known = touched.added.computeIfAbsent(parent.oid(), oid -> new LinkedHashSet<>());
        List<RowId> fresh = found.stream()
                .filter(row -> row.getLong("leaf") != null)
                .map(RowId::of)
                .filter(known::add)
                .toList();
        if (fresh.isEmpty()) return;
        touched.addedTo.put(parent.oid(), pair.get());
        touched.parents.merge(new Through(parent.name(), key.name()), (long) fresh.size(), Long::sum);
        if (known.size() > Touched.MOST) {
            touched.refusals.add(what + " that were deleted, more than " + Touched.MOST + ": name " + parent.name()
                    + " among the tables");
            return;
        }
        fits(pair.get(), fresh);
        work.add(new Work(pair.get(), fresh));
    }

    /** Rows that are in the way of those that come back are not for this restore to change. */
    private void fits(Pair pair, Collection<RowId> fresh) {
        if (pair.key().isEmpty()) return;
        Table.Key key = pair.key().get();
        List<String> same = new ArrayList<>();
        for (int i = 0; i < key.columns().size(); i++) {
            String column = key.columns().get(i);
            same.add("p." + column + " " + key.operators().get(i) + " (x.r)." + column);
        }
        Map<Long, List<RowId>> byLeaf = fresh.stream().collect(Collectors.groupingBy(RowId::leaf));
        byLeaf.forEach((leaf, rows) -> {
            String[] texts = touched
                    .copy
                    .query(
                            "select " + pair.forLive() + " as v from only " + touched.copyTables.name(leaf)
                                    + " where ctid = any ($1::text[]::tid[])",
                            (Object) RowId.texts(rows))
                    .stream()
                    .map(row -> row.getString("v"))
                    .toArray(String[]::new);
            long taken = touched.live
                    .query(
                            "select count(*) as n from (select v::" + pair.name()
                                    + " as r from unnest($1::text[]) v offset 0) x where exists (select 1 from "
                                    + pair.live().from() + " p where " + String.join(" and ", same) + ")",
                            (Object) texts)
                    .getFirst()
                    .getLong("n");
            if (taken > 0) {
                touched.refusals.add(taken + " rows of " + pair.name()
                        + " that restored rows refer to changed since: name it among the tables");
            }
        });
    }
}
