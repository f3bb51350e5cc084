package dev.ripcord.rollback.method.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ripcord.databases.ManifestReader;
import dev.ripcord.events.TableLoss;
import dev.ripcord.rollback.method.schema.SchemaChange.Applied;
import dev.ripcord.rollback.method.schema.SchemaDifference.Derived;
import dev.ripcord.rollback.method.schema.SchemaDifference.NotDerivable;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** After any of these migrations the structure is that of the copy again, and the rows are those of the live database. */
@ParameterizedClass
@ValueSource(ints = {18, 15})
class SchemaRollbackTest {

    private static final String NEW_ROWS =
            "insert into shop.bag values ('since', 11); insert into shop.audit values ('2027-01-01', 'since');";
    private static final String ORDERS =
            "select count(*) || ' ' || md5(string_agg(row(id, customer, price, changed)::text, '' order by id)) from shop.orders";

    private final int major;

    SchemaRollbackTest(int major) {
        this.major = major;
    }

    record Case(String sentence, String migration, String kept) {
        @Override
        public String toString() {
            return sentence;
        }
    }

    static Stream<Case> cases() {
        return DerivableMigrations.ALL.stream();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void the_structure_comes_back_and_the_rows_stay(Case migration) {
        try (Pair pair = Pair.of(major)) {
            pair.migrate(NEW_ROWS + migration.migration());
            String orders = migration.kept().contains("orders") ? pair.ask(ORDERS) : "";
            String kept = pair.ask(migration.kept());
            SchemaDifference found = SchemaDifference.between(pair.live, pair.copy);
            assertThat(found).isInstanceOf(Derived.class);
            assertThat(SchemaChange.apply(pair.live, pair.copy, (Derived) found, Duration.ofSeconds(5)))
                    .isInstanceOf(Applied.class);
            assertThat(ManifestReader.objects(pair.live)).isEqualTo(ManifestReader.objects(pair.copy));
            assertThat(pair.ask(migration.kept())).isEqualTo(kept);
            if (!orders.isEmpty()) assertThat(pair.ask(ORDERS)).isEqualTo(orders);
            assertThat(SchemaDifference.between(pair.live, pair.copy)).isInstanceOf(SchemaDifference.Same.class);
        }
    }

    record Refused(String sentence, String migration, String object, String reason) {
        @Override
        public String toString() {
            return sentence;
        }
    }

    static List<Refused> refused() {
        return RefusedMigrations.ALL;
    }

    @ParameterizedTest
    @MethodSource("refused")
    void what_cannot_be_taken_back_safely_is_refused_with_the_reason(Refused migration) {
        try (Pair pair = Pair.of(major)) {
            pair.migrate(NEW_ROWS + migration.migration());
            var before = ManifestReader.tables(pair.live);
            var objects = ManifestReader.objects(pair.live);
            SchemaDifference found = SchemaDifference.between(pair.live, pair.copy);
            assertThat(found)
                    .isInstanceOfSatisfying(
                            NotDerivable.class,
                            not -> assertThat(not.refusals()).anySatisfy(refusal -> {
                                assertThat(refusal.object()).contains(migration.object());
                                assertThat(refusal.reason())
                                        .contains(migration.reason())
                                        .doesNotContain("heavy");
                            }));
            assertThat(ManifestReader.objects(pair.live)).isEqualTo(objects);
            assertThat(ManifestReader.tables(pair.live)).isEqualTo(before);
        }
    }

    @Test
    void a_dropped_column_has_its_values_again_and_rows_made_since_take_the_default() {
        try (Pair pair = Pair.of(major)) {
            pair.migrate(
                    "alter table shop.customers drop column note; insert into shop.customers (name) values ('since');"
                            + "delete from shop.customers where id = 5");
            assertThat(SchemaChange.apply(pair.live, pair.copy, derived(pair), Duration.ofSeconds(5)))
                    .isInstanceOf(Applied.class);
            String notes =
                    "select md5(string_agg(id || coalesce(note, '-'), '' order by id)) from shop.customers where id <= 300 and id <> 5";
            assertThat(pair.ask(notes))
                    .isEqualTo(pair.copy.query(notes).getFirst().getString(0));
            assertThat(pair.ask("select note from shop.customers where name = 'since'"))
                    .isEqualTo("none");
            pair.migrate("insert into shop.customers (name) values ('later')");
            assertThat(pair.ask("select id from shop.customers where name = 'later'"))
                    .isEqualTo("302");
        }
    }

    @Test
    void each_loss_is_said_with_its_rows() {
        try (Pair pair = Pair.of(major)) {
            pair.migrate(
                    "alter table shop.orders add column extra text; create table shop.made (n int) partition by range (n); create table shop.made_1 partition of shop.made for values from (0) to (99); insert into shop.made select generate_series(1, 33);");
            assertThat(derived(pair).changes())
                    .filteredOn(change -> change instanceof Change.Statement statement && statement.loses() != null)
                    .extracting(change -> ((Change.Statement) change).loses())
                    .containsExactlyInAnyOrder(
                            new Change.Lost("column shop.orders.extra and its values in 1,200 rows", null),
                            new Change.Lost("table shop.made with 0 rows", null),
                            new Change.Lost(
                                    "table shop.made_1 with 33 rows", new TableLoss("shop.made_1", 33, 0, 0, true)));
        }
    }

    static Derived derived(Pair pair) {
        SchemaDifference found = SchemaDifference.between(pair.live, pair.copy);
        assertThat(found).isInstanceOf(Derived.class);
        return (Derived) found;
    }
}
