package dev.ripcord.rollback.method.partial;

import dev.ripcord.databases.PgSession;
import dev.ripcord.events.TableLoss;
import dev.ripcord.rollback.method.partial.Differences.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** Everything that follows from the two databases as they are now. Both sessions are in a transaction, which the draft must not outlive. */
final class Draft implements AutoCloseable {

    private static final int MESSAGE = 8 << 20;
    private static final int FEW = 100;

    final Touched touched;
    final Means means;
    private final Map<Long, Ahead<Map<Integer, Content>>> before = new HashMap<>();
    private final Preflight preflight;
    private final List<String> tables;

    /** Reads the structure of both, and of the copy the content that is to come back. */
    static Draft of(PgSession live, PgSession copy, List<String> tables, PartialOptions options) {
        Draft draft = new Draft(live, copy, tables, options);
        if (draft.touched.refusals.isEmpty()) {
            draft.touched.named.forEach((oid, pair) ->
                    draft.before.put(oid, Ahead.start(() -> Content.buckets(copy, pair, pair.copy()))));
        }
        return draft;
    }

    /** The same now that nobody can change the tables, in a session that sees everything: what changed since is found anew. */
    Draft again(PgSession live, Since since) {
        Draft draft = new Draft(live, touched.copy, tables, touched.options);
        if (!draft.touched.named.equals(touched.named))
            draft.touched.refusals.add("the tables' structure changed meanwhile");
        draft.before.putAll(before);
        if (!draft.touched.refusals.isEmpty()) return draft;
        draft.touched.named.forEach((oid, pair) -> draft.touched.differences.put(
                oid,
                since.differences(live, touched.copy, pair, draft.comparison(pair), differences(oid))
                        .orElseGet(() -> draft.differ(pair))));
        draft.follow();
        return draft;
    }

    private Draft(PgSession live, PgSession copy, List<String> tables, PartialOptions options) {
        this.tables = tables;
        touched = new Touched(live, copy, options);
        means = Means.of(live);
        preflight = new Preflight(touched, means);
        preflight.resolve(tables);
        touched.named.values().forEach(pair -> preflight.writable(pair.live()));
        touched.named.values().forEach(pair -> touched.refusals.addAll(pair.misfits()));
    }

    /** Reads the live rows and follows the foreign keys. */
    void compare() {
        if (!touched.refusals.isEmpty()) return;
        touched.named.forEach((oid, pair) -> touched.differences.put(oid, differ(pair)));
        follow();
    }

    private Differences differ(Pair pair) {
        Differences differences = new Differences();
        Map<Integer, Content> after = Content.buckets(touched.live, pair, pair.live());
        comparison(pair).into(differences, after, before(pair.live().oid()));
        return differences;
    }

    private RowComparison comparison(Pair pair) {
        return new RowComparison(touched.live, touched.copy, pair, touched.liveTables, touched.copyTables);
    }

    private void follow() {
        // first of all: what the columns that are left have in common says nothing of one that is gone
        touched.named.forEach((oid, pair) -> {
            Differences differences = differences(oid);
            preflight.columns(pair, differences.count(Kind.INSERT) > 0, !differences.none());
            nulls(pair);
        });
        if (!touched.refusals.isEmpty() || nothing()) return;
        newReferences();
        new MissingParents(touched).find();
        new Dependents(touched).find();
        judge();
    }

    /** A reference between two named tables that is newer than the snapshot must hold there too. */
    private void newReferences() {
        for (ForeignKey key : touched.foreignKeys()) {
            Pair child = touched.named.get(key.child());
            Pair parent = touched.named.get(key.parent());
            if (child == null || parent == null || !key.enforced() || !key.validated()) continue;
            if (!child.copy().columnNames().containsAll(key.childColumns())
                    || !parent.copy().columnNames().containsAll(key.parentColumns())
                    || held(key, child, parent)) continue;
            long orphans = touched.copy
                    .query(key.orphans(child.copy(), parent.copy()))
                    .getFirst()
                    .getLong("n");
            if (orphans > 0) {
                touched.refusals.add("the foreign key " + key.name() + " of " + child.name()
                        + " did not hold at the snapshot: " + orphans + " rows would have no " + parent.name());
            }
        }
    }

    private boolean held(ForeignKey key, Pair child, Pair parent) {
        return touched.copyTables.foreignKeys().stream()
                .anyMatch(other -> other.child() == child.copy().oid()
                        && other.parent() == parent.copy().oid()
                        && other.childColumns().equals(key.childColumns())
                        && other.parentColumns().equals(key.parentColumns())
                        && other.full() == key.full()
                        && other.validated()
                        && other.enforced());
    }

    /** Rows come back as they were; a null among them where none may be written any more ends the whole. */
    private void nulls(Pair pair) {
        for (String column : pair.strict()) {
            long[] nulls = new long[1];
            differences(pair.live().oid())
                    .each(
                            Set.of(Kind.INSERT, Kind.UPDATE, Kind.MOVE, Kind.REPLACE),
                            Touched.BATCH,
                            batch -> nulls[0] += nulls(
                                    column,
                                    batch.stream()
                                            .map(row -> Objects.requireNonNull(row.copy()))
                                            .toList()));
            refuseNulls(pair, column, nulls[0]);
        }
    }

    private void refuseNulls(Pair pair, String column, long nulls) {
        if (nulls == 0) return;
        touched.refusals.add(pair.name() + ": column " + column + " must not be null now, and " + nulls
                + " rows that would come back are null in it: drop that constraint first");
    }

    private long nulls(String column, Collection<RowId> rows) {
        return rows.stream().collect(Collectors.groupingBy(RowId::leaf)).entrySet().stream()
                .mapToLong(leaf -> touched.copy
                        .query(
                                "select count(*) as n from only " + touched.copyTables.name(leaf.getKey())
                                        + " c where c.ctid = any ($1::text[]::tid[]) and c." + column + " is null",
                                (Object) RowId.texts(leaf.getValue()))
                        .getFirst()
                        .getLong("n"))
                .sum();
    }

    /** Whether a changed row of a table goes and comes again: with foreign keys watching only where none leads to it. */
    boolean replaces(long table) {
        return means.replica()
                || touched.liveTables.foreignKeys().stream().noneMatch(key -> key.parent() == table && key.enforced());
    }

    private void judge() {
        touched.addedTo.values().forEach(pair -> {
            preflight.writable(pair.live());
            preflight.columns(pair, true, true);
            Set<RowId> rows = touched.added.getOrDefault(pair.live().oid(), Set.of());
            pair.strict().forEach(column -> refuseNulls(pair, column, nulls(column, rows)));
        });
        touched.doomed.keySet().forEach(table -> preflight.writable(touched.liveTables.table(table)));
        if (!touched.options.addMissingParents()) {
            touched.parents.forEach((through, rows) -> touched.refusals.add(rows + " rows of " + through.table()
                    + " were deleted since, and restored rows refer to them by " + through.constraint()
                    + ": name that table, or let the missing rows be added"));
        }
        if (!touched.options.deleteDependents()) {
            touched.dependents.forEach((through, rows) -> touched.refusals.add(rows + " rows of " + through.table()
                    + " refer by " + through.constraint()
                    + " to rows that did not exist at the snapshot: name that table, or let those rows be deleted"));
        }
        touched.tables().forEach(preflight::warnings);
        for (ForeignKey key : touched.foreignKeys()) {
            if (!key.enforced())
                touched.warnings.add("the foreign key " + key.name() + " is not enforced and not respected");
            else if (!key.validated()) touched.warnings.add("the foreign key " + key.name() + " is not validated");
        }
        if (!means.replica()) {
            touched.warnings.add(
                    "foreign keys cannot be held back without GRANT SET ON PARAMETER session_replication_role:"
                            + " rows are written in their order, which circles of references can make impossible");
            touched.named.values().stream()
                    .filter(this::mayClash)
                    .forEach(pair -> touched.warnings.add(pair.name()
                            + ": others refer to it, so that what comes back may be written before what goes: it is not done where"
                            + " a unique value or a period passed from one row to another"));
        }
    }

    private boolean mayClash(Pair pair) {
        Differences differences = differences(pair.live().oid());
        return !replaces(pair.live().oid())
                && pair.unique()
                && (differences.count(Kind.REPLACE) > 0
                        || differences.count(Kind.DELETE) > 0 && differences.count(Kind.INSERT) > 0);
    }

    private Map<Integer, Content> before(long table) {
        return Objects.requireNonNull(before.get(table)).get();
    }

    /** What a named table has to be equal to; waits until it is known. */
    Content expected(long table) {
        return Content.all(before(table).values());
    }

    /** How many rows of a table fit into one message. */
    int batch(long table) {
        if (!before.containsKey(table)) return FEW;
        return Math.clamp(MESSAGE / Math.max(1, expected(table).longest()), 1, Touched.BATCH);
    }

    Differences differences(long table) {
        return Objects.requireNonNull(touched.differences.get(table));
    }

    /** As they were asked for. */
    List<String> tables() {
        return tables;
    }

    boolean nothing() {
        return touched.differences.values().stream().allMatch(Differences::none);
    }

    /** In the order in which they are done. */
    List<PartialStep> steps() {
        List<PartialStep> steps = new ArrayList<>();
        touched.dependents.forEach((through, rows) -> steps.add(
                new PartialStep(PartialStep.Act.DELETE_DEPENDENTS, through.table(), through.constraint(), rows)));
        for (Pair pair : pairs()) {
            add(
                    steps,
                    PartialStep.Act.DELETE,
                    pair,
                    differences(pair.live().oid()).count(Kind.DELETE));
        }
        for (Pair pair : pairs()) {
            add(
                    steps,
                    PartialStep.Act.UPDATE,
                    pair,
                    differences(pair.live().oid()).changed());
        }
        touched.parents.forEach((through, rows) ->
                steps.add(new PartialStep(PartialStep.Act.ADD_PARENTS, through.table(), through.constraint(), rows)));
        for (Pair pair : pairs()) {
            add(
                    steps,
                    PartialStep.Act.INSERT,
                    pair,
                    differences(pair.live().oid()).count(Kind.INSERT));
        }
        return steps;
    }

    private static void add(List<PartialStep> steps, PartialStep.Act act, Pair pair, long rows) {
        if (rows > 0) steps.add(new PartialStep(act, pair.name(), "", rows));
    }

    private List<Pair> pairs() {
        return touched.named.values().stream()
                .sorted(Comparator.comparing(Pair::name))
                .toList();
    }

    List<TableLoss> loss() {
        List<TableLoss> loss = new ArrayList<>();
        for (Pair pair : pairs()) {
            Differences differences = differences(pair.live().oid());
            if (differences.none()) continue;
            loss.add(new TableLoss(
                    pair.name(),
                    differences.count(Kind.DELETE),
                    differences.changed(),
                    differences.count(Kind.INSERT),
                    true));
        }
        for (Map.Entry<Long, Set<RowId>> each : touched.doomed.entrySet()) {
            loss.add(new TableLoss(
                    touched.liveTables.name(each.getKey()), each.getValue().size(), 0, 0, true));
        }
        for (Map.Entry<Long, Set<RowId>> each : touched.added.entrySet()) {
            if (each.getValue().isEmpty()) continue;
            loss.add(new TableLoss(
                    touched.liveTables.name(each.getKey()),
                    0,
                    0,
                    each.getValue().size(),
                    true));
        }
        return loss;
    }

    @Override
    public void close() {
        touched.close();
    }
}
