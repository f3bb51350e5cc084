package dev.ripcord.rollback.method.partial;

import dev.ripcord.databases.PgSession;
import dev.ripcord.rollback.method.partial.Differences.Difference;
import dev.ripcord.rollback.method.partial.Differences.Kind;
import io.vertx.sqlclient.Row;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Writes what the draft found, batch by batch. Rows travel as the text of the live table's row type, which its types' own functions write and read. */
final class Writes {

    /** Rows are found where they lie; the planner is not to look for them in whole tables. */
    private static final List<String> BY_PLACE =
            List.of("enable_seqscan", "enable_hashjoin", "enable_mergejoin", "jit");

    private final Draft draft;
    private final Touched touched;
    private final PgSession live;
    private final PgSession copy;
    private final Map<Long, Content> sent = new ConcurrentHashMap<>();

    Writes(Draft draft) {
        this.draft = draft;
        this.touched = draft.touched;
        this.live = touched.live;
        this.copy = touched.copy;
    }

    /** What was written of the copy's rows, by table. */
    Map<Long, Content> write() {
        BY_PLACE.forEach(setting -> {
            live.execute("set local " + setting + " = off");
            copy.execute("set local " + setting + " = off");
        });
        if (draft.means.replica()) freely();
        else inOrder();
        BY_PLACE.forEach(setting -> live.execute("reset " + setting));
        return Map.copyOf(sent);
    }

    /** With foreign keys held back: room first, so that no unique value is held twice. */
    private void freely() {
        touched.doomed.forEach((table, rows) -> delete(rows, ""));
        each(pair -> deleted(pair, Set.of(Kind.DELETE, Kind.REPLACE), ""));
        each(pair -> updated(pair, Set.of(Kind.UPDATE, Kind.MOVE)));
        each(pair -> inserted(pair, Set.of(Kind.REPLACE, Kind.INSERT)));
        touched.added.forEach(this::added);
    }

    /**
     * With foreign keys watching: parents come before children and go after them. What nobody refers to goes first of all, so that its
     * unique values and its periods are free.
     */
    private void inOrder() {
        List<Long> order = ParentsFirst.of(touched);
        for (Long table : order.reversed()) {
            Pair pair = touched.named.get(table);
            if (pair == null || draft.replaces(table) || pair.unique()) gone(table, unreferred(table));
        }
        for (Long table : order) {
            if (touched.added.containsKey(table)) added(table, Objects.requireNonNull(touched.added.get(table)));
            Pair pair = touched.named.get(table);
            if (pair == null) continue;
            inserted(pair, draft.replaces(table) ? Set.of(Kind.REPLACE, Kind.INSERT) : Set.of(Kind.INSERT));
        }
        each(pair -> updated(
                pair,
                draft.replaces(pair.live().oid())
                        ? Set.of(Kind.UPDATE, Kind.MOVE)
                        : Set.of(Kind.UPDATE, Kind.MOVE, Kind.REPLACE)));
        for (Long table : order.reversed()) {
            if (!draft.replaces(table)) gone(table, "");
        }
    }

    private void gone(Long table, String condition) {
        if (touched.doomed.containsKey(table)) delete(Objects.requireNonNull(touched.doomed.get(table)), condition);
        Pair pair = touched.named.get(table);
        if (pair == null) return;
        deleted(pair, draft.replaces(table) ? Set.of(Kind.DELETE, Kind.REPLACE) : Set.of(Kind.DELETE), condition);
    }

    /** The condition that a row {@code t} is one that no row refers to, as things stand. */
    private String unreferred(long table) {
        return touched.liveTables.foreignKeys().stream()
                .filter(key -> key.parent() == table && key.enforced())
                .map(key -> " and not exists (select 1 from "
                        + touched.liveTables.table(key.child()).from() + " c where " + key.matches("t", "c") + ")")
                .collect(Collectors.joining());
    }

    private void each(Consumer<Pair> act) {
        touched.named.values().forEach(act);
    }

    private void each(Pair pair, Set<Kind> kinds, Consumer<List<Difference>> act) {
        long table = pair.live().oid();
        draft.differences(table).each(kinds, draft.batch(table), act);
    }

    /** The copy reads the next batch while the live database writes this one. */
    private void fetched(Pair pair, Set<Kind> kinds, BiConsumer<List<Difference>, Map<RowId, String>> act) {
        Deque<Runnable> waiting = new ArrayDeque<>();
        each(pair, kinds, batch -> {
            Ahead<Map<RowId, String>> texts = Ahead.start(() -> texts(pair, batch));
            waiting.add(() -> act.accept(batch, texts.get()));
            if (waiting.size() > 1) waiting.remove().run();
        });
        waiting.forEach(Runnable::run);
    }

    private void deleted(Pair pair, Set<Kind> kinds, String condition) {
        each(
                pair,
                kinds,
                batch -> delete(
                        batch.stream()
                                .map(row -> Objects.requireNonNull(row.live()))
                                .toList(),
                        condition));
    }

    private void delete(Collection<RowId> rows, String condition) {
        rows.stream().collect(Collectors.groupingBy(RowId::leaf)).forEach((leaf, some) -> {
            for (int from = 0; from < some.size(); from += Touched.BATCH) {
                List<RowId> batch = some.subList(from, Math.min(some.size(), from + Touched.BATCH));
                live.query(
                        "delete from only " + touched.liveTables.name(leaf)
                                + " t where t.ctid = any ($1::text[]::tid[])" + condition,
                        (Object) RowId.texts(batch));
            }
        });
    }

    private void updated(Pair pair, Set<Kind> kinds) {
        String set = pair.settable().stream()
                .map(column -> column + " = (x.r)." + column)
                .collect(Collectors.joining(", "));
        fetched(pair, kinds, (batch, texts) -> {
            boolean anywhere = batch.stream().anyMatch(row -> row.kind() != Kind.UPDATE);
            batch.stream()
                    .collect(Collectors.groupingBy(row -> anywhere
                            ? pair.live().oid()
                            : Objects.requireNonNull(row.live()).leaf()))
                    .forEach((table, rows) -> live.query(
                            "update " + (anywhere ? pair.live().from() : "only " + touched.liveTables.name(table))
                                    + " t set " + set
                                    + " from (select u.leaf::oid as leaf, u.tid::tid as tid, u.v::" + pair.name()
                                    + " as r from unnest($1::text[], $2::text[], $3::text[]) u(leaf, tid, v) offset 0) x"
                                    + " where t.tableoid = x.leaf and t.ctid = x.tid",
                            rows.stream()
                                    .map(row -> String.valueOf(
                                            Objects.requireNonNull(row.live()).leaf()))
                                    .toArray(String[]::new),
                            rows.stream()
                                    .map(row ->
                                            Objects.requireNonNull(row.live()).text())
                                    .toArray(String[]::new),
                            rows.stream().map(row -> text(texts, row.copy())).toArray(String[]::new)));
        });
    }

    private void inserted(Pair pair, Set<Kind> kinds) {
        fetched(pair, kinds, (batch, texts) -> {
            List<Difference> keeping =
                    batch.stream().filter(row -> row.kept() != null).toList();
            if (!keeping.isEmpty()) {
                insert(
                        pair,
                        pair.newer(),
                        keeping.stream().map(row -> text(texts, row.copy())).toArray(String[]::new),
                        keeping.stream()
                                .map(row -> Objects.requireNonNull(row.kept()))
                                .toArray(String[]::new));
            }
            String[] others = batch.stream()
                    .filter(row -> row.kept() == null)
                    .map(row -> text(texts, row.copy()))
                    .toArray(String[]::new);
            if (others.length > 0) insert(pair, List.of(), others, new String[0]);
        });
    }

    private void added(Long table, Set<RowId> rows) {
        Pair pair = touched.addedTo.get(table);
        if (pair == null) return;
        List<Difference> batch = new ArrayList<>();
        for (RowId row : rows) {
            batch.add(new Difference(Kind.INSERT, null, row, null));
            if (batch.size() < draft.batch(table)) continue;
            insert(pair, List.of(), texts(pair, batch).values().toArray(String[]::new), new String[0]);
            batch.clear();
        }
        if (!batch.isEmpty()) {
            insert(pair, List.of(), texts(pair, batch).values().toArray(String[]::new), new String[0]);
        }
    }

    /** {@code keep} are columns whose values come from the row that was there. */
    private void insert(Pair pair, List<String> keep, String[] rows, String[] kept) {
        List<String> columns = new ArrayList<>(pair.shared());
        List<String> values =
                new ArrayList<>(pair.shared().stream().map(c -> "(x.r)." + c).toList());
        columns.addAll(keep);
        keep.forEach(column -> values.add("(x.o)." + column));
        live.query(
                "insert into " + pair.name() + " (" + String.join(", ", columns) + ") overriding system value select "
                        + String.join(", ", values) + " from (select u.v::" + pair.name() + " as r, u.o::"
                        + pair.name() + " as o from unnest($1::text[], $2::text[]) u(v, o) offset 0) x",
                rows,
                kept);
    }

    private static String text(Map<RowId, String> texts, @org.jspecify.annotations.Nullable RowId row) {
        return Objects.requireNonNull(texts.get(Objects.requireNonNull(row)));
    }

    private Map<RowId, String> texts(Pair pair, List<Difference> batch) {
        Map<RowId, String> texts = new HashMap<>();
        batch.stream()
                .map(row -> Objects.requireNonNull(row.copy()))
                .collect(Collectors.groupingBy(RowId::leaf))
                .forEach((leaf, rows) -> {
                    List<Row> read = copy.query(
                            "select " + RowId.columns("c") + ", " + pair.forLive() + " as v, " + Content.hashes(pair)
                                    + " from only " + touched.copyTables.name(leaf)
                                    + " c where c.ctid = any ($1::text[]::tid[])",
                            (Object) RowId.texts(rows));
                    read.forEach(row -> texts.put(RowId.of(row), row.getString("v")));
                    sent.merge(pair.live().oid(), Content.of(read), Content::and);
                });
        if (texts.size() != batch.size()) throw new IllegalStateException("The copy of " + pair.name() + " changed");
        return texts;
    }
}
