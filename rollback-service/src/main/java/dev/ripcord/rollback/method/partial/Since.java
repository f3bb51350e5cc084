package dev.ripcord.rollback.method.partial;

import dev.ripcord.databases.PgSession;
import dev.ripcord.rollback.method.partial.Differences.Kind;
import io.vertx.sqlclient.Row;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Brings a comparison up to date that was made before the table was locked, so that writers need not wait while rows are compared.
 *
 * <p>Row versions never change and none that an open transaction sees is cleared away, so that with the session of the comparison still in its transaction
 * the place of a row says which version it is. Versions that came are told by their transaction, those that went by counts of regions of the table.
 */
final class Since {

    private static final int REGION = 256;
    private static final String REGION_OF = "substr(tidsend(r.ctid), 1, 3)";

    private final PgSession then;
    private final Catalogue tables;
    private final String horizon;
    private final Map<Long, Map<Region, Long>> regions = new HashMap<>();

    /**
     * In a session whose transaction sees every row that was compared.
     *
     * @param tables of the live database
     */
    Since(PgSession then, Catalogue tables, Collection<Pair> compared) {
        this.then = then;
        this.tables = tables;
        this.horizon = then.query("select pg_snapshot_xmin(pg_current_snapshot())::xid::text as horizon")
                .getFirst()
                .getString("horizon");
        compared.forEach(pair -> regions.put(pair.live().oid(), regions(pair.live())));
    }

    /** As many blocks as {@link #REGION} of one table or partition. */
    private record Region(long leaf, long number) {
        static Region of(Row row) {
            return new Region(row.getLong("leaf"), row.getLong("region"));
        }

        static Region of(RowId row) {
            return new Region(row.leaf(), row.tid() / ((long) REGION << 16));
        }

        String first() {
            return new RowId(leaf, number * REGION << 16).text();
        }

        String last() {
            return new RowId(leaf, ((number + 1) * REGION << 16) - 1).text();
        }
    }

    private Map<Region, Long> regions(Table table) {
        Map<Region, Long> counts = new HashMap<>();
        for (Row row : then.query(counted("count(*) as rows", table))) counts.put(Region.of(row), row.getLong("rows"));
        return counts;
    }

    private static String counted(String what, Table table) {
        return "select leaf, get_byte(g, 0) * 65536 + get_byte(g, 1) * 256 + get_byte(g, 2)::bigint as region, s.* from ("
                + "select r.tableoid::bigint as leaf, " + REGION_OF + " as g, " + what + " from " + table.from()
                + " r group by 1, 2) s";
    }

    /**
     * The differences as they are now, that the table is locked; none where it has to be compared once more.
     *
     * @param live sees everything that was committed
     * @param early as the comparison found them
     */
    Optional<Differences> differences(
            PgSession live, PgSession copy, Pair pair, RowComparison rows, Differences early) {
        Map<Region, Long> now = new HashMap<>();
        Set<RowId> came = new LinkedHashSet<>();
        for (Row row : live.query(
                counted(
                        "count(*) as rows, array_agg(r.ctid::text) filter (where age(r.xmin) <= age($1::text::xid)) as young",
                        pair.live()),
                horizon)) {
            Region region = Region.of(row);
            now.put(region, row.getLong("rows"));
            String[] young = row.getArrayOfStrings("young");
            if (young == null) continue;
            for (String tid : young) came.add(new RowId(region.leaf(), RowId.pack(tid)));
        }
        came.removeAll(present(then, came));
        came.forEach(row -> now.merge(Region.of(row), -1L, Long::sum));
        Set<RowId> gone = gone(live, pair, now);
        if (came.isEmpty() && gone.isEmpty()) return Optional.of(early);
        if (pair.key().isEmpty() || came.size() + gone.size() > Touched.MOST) return Optional.empty();
        return Optional.of(merged(live, copy, pair, rows, early, came, gone));
    }

    private Set<RowId> gone(PgSession live, Pair pair, Map<Region, Long> now) {
        Set<RowId> gone = new HashSet<>();
        Map<Region, Long> before = regions.getOrDefault(pair.live().oid(), Map.of());
        before.forEach((region, rows) -> {
            if (rows.equals(now.getOrDefault(region, 0L))) return;
            Set<RowId> old = then
                    .query(
                            "select " + RowId.columns("r") + " from only " + tables.name(region.leaf())
                                    + " r where r.ctid between $1::text::tid and $2::text::tid and r.xmax <> '0'::xid",
                            region.first(),
                            region.last())
                    .stream()
                    .map(RowId::of)
                    .collect(Collectors.toSet());
            old.removeAll(present(live, old));
            gone.addAll(old);
        });
        return gone;
    }

    /** Those that a session sees. */
    private Set<RowId> present(PgSession session, Collection<RowId> rows) {
        return read(session, rows, "r", RowId.columns("r")).stream()
                .map(RowId::of)
                .collect(Collectors.toSet());
    }

    private List<Row> read(PgSession session, Collection<RowId> rows, String alias, String columns) {
        List<Row> found = new ArrayList<>();
        rows.stream().collect(Collectors.groupingBy(RowId::leaf)).forEach((leaf, some) -> {
            for (int from = 0; from < some.size(); from += Touched.BATCH) {
                found.addAll(session.query(
                        "select " + columns + " from only " + tables.name(leaf) + " " + alias + " where " + alias
                                + ".ctid = any ($1::text[]::tid[])",
                        (Object) RowId.texts(some.subList(from, Math.min(some.size(), from + Touched.BATCH)))));
            }
        });
        return found;
    }

    /** What was found about the keys of rows that came or went is found anew; the rest stays. */
    private Differences merged(
            PgSession live,
            PgSession copy,
            Pair pair,
            RowComparison rows,
            Differences early,
            Set<RowId> came,
            Set<RowId> gone) {
        String columns = rows.columns(pair.live()) + ", " + pair.forCopy() + " as v";
        List<Row> here = read(live, came, "r", columns);
        List<Row> touched = new ArrayList<>(here);
        touched.addAll(read(then, gone, "r", columns));
        Map<RowId, Row> there = sameKeys(copy, pair, rows, touched);
        Differences merged = new Differences();
        early.each(
                Set.of(Kind.values()),
                Touched.BATCH,
                batch -> batch.forEach(row -> {
                    boolean stale = row.live() != null && gone.contains(row.live())
                            || row.copy() != null && there.containsKey(row.copy());
                    if (!stale) merged.add(row.kind(), row.live(), row.copy(), row.kept());
                }));
        Function<Row, String> key = row -> row.getString("k");
        Map<String, List<Row>> before = there.values().stream().collect(Collectors.groupingBy(key));
        Map<String, List<Row>> after = here.stream().collect(Collectors.groupingBy(key));
        Set<String> keys = new LinkedHashSet<>(before.keySet());
        keys.addAll(after.keySet());
        keys.forEach(
                each -> rows.match(after.getOrDefault(each, List.of()), before.getOrDefault(each, List.of()), merged));
        return merged;
    }

    private static Map<RowId, Row> sameKeys(PgSession copy, Pair pair, RowComparison rows, List<Row> touched) {
        Table.Key key = pair.key().orElseThrow();
        List<String> same = new ArrayList<>();
        for (int i = 0; i < key.columns().size(); i++) {
            String column = key.columns().get(i);
            same.add("r." + column + " " + key.operators().get(i) + " (x.w)." + column);
        }
        Map<RowId, Row> found = new LinkedHashMap<>();
        for (int from = 0; from < touched.size(); from += Touched.BATCH) {
            for (Row row : copy.query(
                    "select " + rows.columns(pair.copy()) + " from "
                            + pair.copy().from()
                            + " r where exists (select 1 from (select u.v::"
                            + pair.copy().name() + " as w from unnest($1::text[]) u(v) offset 0) x where "
                            + String.join(" and ", same) + ")",
                    (Object) touched.subList(from, Math.min(touched.size(), from + Touched.BATCH)).stream()
                            .map(row -> row.getString("v"))
                            .toArray(String[]::new))) found.put(RowId.of(row), row);
        }
        return found;
    }
}
