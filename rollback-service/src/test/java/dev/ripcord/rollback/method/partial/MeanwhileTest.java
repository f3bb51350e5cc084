package dev.ripcord.rollback.method.partial;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ripcord.databases.PgSession;
import dev.ripcord.rollback.method.Bracket;
import dev.ripcord.rollback.method.partial.PartialPlan.Ready;
import dev.ripcord.rollback.method.partial.PartialRestore.Applied;
import java.util.Random;
import java.util.StringJoiner;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written between the comparison and the locks is found, and nothing else is compared again. */
class MeanwhileTest {

    private static final String KEYED =
            "create table t (id int primary key, name text, n int); insert into t select n, 'row ' || n, n from generate_series(1, 3000) n;";
    private static final String UNIQUE =
            "create table t (a text default 'a0', b int, n int unique, name text, primary key (a, b)); insert into t (a, b, n, name) select 'a' || n % 7, n, n, 'row ' || n from generate_series(1, 3000) n;"
                    + " alter table t add column id int generated always as (b) stored;";
    private static final String KEYLESS =
            "create table t (id int, name text, n int); insert into t select n / 2, 'row', n / 4 from generate_series(1, 2000) n;";
    private static final String PARTITIONED =
            "create table t (id int primary key, name text, n int) partition by range (id); create table t_low partition of t for values from (minvalue) to (1500);"
                    + " create table t_high partition of t for values from (1500) to (maxvalue); insert into t select n, 'row ' || n, n from generate_series(1, 3000) n;";

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void whatever_is_written_meanwhile_the_table_is_as_at_the_snapshot(long seed) {
        Random random = new Random(seed);
        for (String schema : new String[] {KEYED, UNIQUE, KEYLESS, PARTITIONED}) {
            try (Situation shop = Situation.of(seed % 2 == 0 ? 18 : 15, schema).then(writes(random, schema, 30))) {
                Ready ready = shop.ready("t");
                String meanwhile = writes(random, schema, random.nextInt(40));
                PartialRestore restore = shop.restore(ready, Situation.SOON, meanwhile(shop, meanwhile));
                assertThat(restore)
                        .as("seed %d: %s; %s", seed, schema, meanwhile)
                        .isInstanceOf(Applied.class);
                assertThat(Situation.everything(shop.live))
                        .as("seed %d: %s; %s", seed, schema, meanwhile)
                        .isEqualTo(Situation.everything(shop.copy));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {15, 18})
    void rows_that_were_only_locked_or_written_in_vain_meanwhile_change_nothing(int major) {
        try (Situation shop = Situation.of(major, KEYED).then("update t set n = -n where id % 3 = 0")) {
            Ready ready = shop.ready("t");
            Applied applied = (Applied)
                    shop.restore(
                            ready,
                            Situation.SOON,
                            meanwhile(
                                    shop,
                                    "begin; select * from t for key share; commit; begin; update t set n = 0; delete from t where id < 100; rollback"));
            assertThat(applied.asPlanned()).isTrue();
            assertThat(Situation.everything(shop.live)).isEqualTo(Situation.everything(shop.copy));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {15, 18})
    void a_table_that_was_emptied_meanwhile_comes_back_whole(int major) {
        try (Situation shop = Situation.of(major, KEYED).then("update t set n = -n where id % 3 = 0")) {
            Ready ready = shop.ready("t");
            assertThat(shop.restore(ready, Situation.SOON, meanwhile(shop, "delete from t")))
                    .isInstanceOf(Applied.class);
            assertThat(Situation.everything(shop.live)).isEqualTo(Situation.everything(shop.copy));
        }
    }

    private static Bracket meanwhile(Situation shop, String statements) {
        return new Bracket(
                begun -> {
                    try (PgSession writer = shop.another()) {
                        writer.execute(statements);
                    }
                },
                Bracket.PLAIN.last());
    }

    private static String writes(Random random, String schema, int number) {
        StringJoiner writes = new StringJoiner("; ", "select 1; ", "");
        for (int i = 0; i < number; i++) {
            int from = 1 + random.nextInt(3000);
            int to = from + random.nextInt(20);
            int fresh = 10_000 + random.nextInt(1_000_000);
            writes.add(
                    switch (random.nextInt(5)) {
                        case 0 -> "update t set name = name || 'x' where n between " + from + " and " + to;
                        case 1 -> "delete from t where n between " + from + " and " + to;
                        case 2 -> "update t set n = -n where n between " + from + " and " + to;
                        case 3 -> "update t set n = n + 100000, name = 'moved' where n = " + from;
                        default ->
                            "insert into t (" + (schema.equals(UNIQUE) ? "b" : "id") + ", name, n) values ("
                                    + (random.nextBoolean() ? fresh : from) + ", 'fresh', " + fresh
                                    + ") on conflict do nothing";
                    });
        }
        return writes.toString();
    }
}
