package dev.ripcord.rollback.method.partial;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ripcord.databases.DatabaseFailure;
import dev.ripcord.databases.PgSession;
import dev.ripcord.rollback.method.partial.PartialPlan.Nothing;
import dev.ripcord.rollback.method.partial.PartialPlan.Ready;
import dev.ripcord.rollback.method.partial.PartialPlan.Refused;
import dev.ripcord.rollback.method.partial.PartialRestore.Applied;
import dev.ripcord.rollback.method.partial.PartialRestore.Failed;
import dev.ripcord.rollback.method.partial.PartialRestore.Unknown;
import dev.ripcord.rollback.method.partial.PartialStep.Act;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever refers to whatever: the named tables are as they were and nothing else changed, or nothing changed at all. */
@ParameterizedClass
@ValueSource(ints = {18, 15})
class RandomGraphsTest {

    private static final int GRAPHS = Integer.getInteger("ripcord.test.graphs", 24);

    private enum End {
        APPLIED,
        NOTHING,
        REFUSED,
        FAILED
    }

    private final int major;
    private final Map<Act, Integer> acts = new EnumMap<>(Act.class);

    RandomGraphsTest(int major) {
        this.major = major;
    }

    @Test
    void any_graph_of_references_is_restored_exactly_or_left_alone() {
        Map<End, Integer> held = new EnumMap<>(End.class);
        Map<End, Integer> watched = new EnumMap<>(End.class);
        for (int seed = 0; seed < GRAPHS; seed++) {
            boolean plain = seed % 6 == 5;
            RandomGraph graph = new RandomGraph(seed);
            try (Situation situation =
                    plain ? Situation.ofPlainOwner(major, graph.schema()) : Situation.of(major, graph.schema())) {
                change(situation, graph);
                for (int round = 0; round < 3; round++) {
                    (plain ? watched : held)
                            .merge(end(situation, graph, "seed " + seed + ", round " + round), 1, Integer::sum);
                }
            }
        }
        System.out.println(
                "PostgreSQL " + major + ": " + held + ", with foreign keys watching: " + watched + ", steps " + acts);
        assertThat(acts).containsKeys(Act.values());
        assertThat(held.getOrDefault(End.APPLIED, 0)).isGreaterThan(GRAPHS / 2);
        assertThat(held.getOrDefault(End.REFUSED, 0)).isGreaterThan(GRAPHS / 12);
        assertThat(held.getOrDefault(End.FAILED, 0)).isLessThanOrEqualTo(GRAPHS / 10);
    }

    private static void change(Situation situation, RandomGraph graph) {
        try (PgSession session = situation.another()) {
            for (String change : graph.changes()) {
                try {
                    session.execute(change);
                } catch (DatabaseFailure refused) {
                    // the foreign keys say no, as they may
                }
            }
        }
    }

    private End end(Situation situation, RandomGraph graph, String which) {
        List<String> named = graph.some();
        PartialOptions options = graph.options();
        Map<String, Set<String>> before = rows(situation.live, graph);
        PartialPlan plan = PartialPlan.of(situation.live, situation.copy, named, options);
        assertThat(rows(situation.live, graph)).as(which).isEqualTo(before);
        return switch (plan) {
            case Nothing none -> End.NOTHING;
            case Refused refused -> {
                assertThat(refused.reasons()).as(which).isNotEmpty();
                yield End.REFUSED;
            }
            case Ready ready -> apply(situation, graph, which, named, before, ready);
        };
    }

    private End apply(
            Situation situation,
            RandomGraph graph,
            String which,
            List<String> named,
            Map<String, Set<String>> before,
            Ready ready) {
        PartialRestore restore = situation.restore(ready, Situation.SOON);
        Map<String, Set<String>> after = rows(situation.live, graph);
        return switch (restore) {
            case Failed failed -> {
                System.out.println(which + ": " + failed.reason());
                assertThat(after).as(which).isEqualTo(before);
                yield End.FAILED;
            }
            case Unknown unknown -> throw new AssertionError(which + ": " + unknown);
            case Applied applied -> {
                check(which, named, before, after, rows(situation.copy, graph), applied);
                applied.steps().forEach(step -> acts.merge(step.act(), 1, Integer::sum));
                assertThat(situation.ask(graph.orphans())).as(which).isEqualTo("0");
                yield End.APPLIED;
            }
        };
    }

    private static void check(
            String which,
            List<String> named,
            Map<String, Set<String>> before,
            Map<String, Set<String>> after,
            Map<String, Set<String>> copy,
            Applied applied) {
        after.forEach((table, rows) -> {
            if (named.contains(table)) {
                assertThat(rows).as(which + ", " + table).isEqualTo(copy.get(table));
                return;
            }
            Set<String> gone = new HashSet<>(before.get(table));
            gone.removeAll(rows);
            Set<String> come = new HashSet<>(rows);
            come.removeAll(before.get(table));
            assertThat((long) gone.size())
                    .as(which + ", gone of " + table)
                    .isEqualTo(told(applied, table, Act.DELETE_DEPENDENTS));
            assertThat((long) come.size())
                    .as(which + ", come to " + table)
                    .isEqualTo(told(applied, table, Act.ADD_PARENTS));
            assertThat(copy.get(table)).as(which + ", " + table).containsAll(come);
        });
    }

    private static long told(Applied applied, String table, Act act) {
        return applied.steps().stream()
                .filter(step -> step.table().equals(table) && step.act() == act)
                .mapToLong(PartialStep::rows)
                .sum();
    }

    private static Map<String, Set<String>> rows(PgSession session, RandomGraph graph) {
        return graph.tables.stream()
                .map("public."::concat)
                .collect(Collectors.toMap(
                        table -> table,
                        table -> session.query("select t::text as row from " + table + " t").stream()
                                .map(row -> row.getString("row"))
                                .collect(Collectors.toSet())));
    }
}
