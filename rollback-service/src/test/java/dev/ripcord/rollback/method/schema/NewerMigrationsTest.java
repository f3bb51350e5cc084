package dev.ripcord.rollback.method.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ripcord.databases.ManifestReader;
import dev.ripcord.rollback.method.schema.SchemaChange.Applied;
import dev.ripcord.rollback.method.schema.SchemaDifference.Derived;
import dev.ripcord.rollback.method.schema.SchemaDifference.NotDerivable;
import dev.ripcord.rollback.method.schema.SchemaRollbackTest.Case;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What only PostgreSQL 18 has comes back as it was, and the rows stay. */
class NewerMigrationsTest {

    static List<Case> cases() {
        return NewerMigrations.ALL;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void the_structure_comes_back_and_the_rows_stay(Case migration) {
        try (Pair pair = Pair.of(18)) {
            pair.migrate(migration.migration());
            String kept = pair.ask(migration.kept());
            SchemaDifference found = SchemaDifference.between(pair.live, pair.copy);
            assertThat(found).isInstanceOf(Derived.class);
            assertThat(SchemaChange.apply(pair.live, pair.copy, (Derived) found, Duration.ofSeconds(5)))
                    .as(((Derived) found).changes().toString())
                    .isInstanceOf(Applied.class);
            assertThat(ManifestReader.objects(pair.live)).isEqualTo(ManifestReader.objects(pair.copy));
            assertThat(pair.ask(migration.kept())).isEqualTo(kept);
        }
    }

    @Test
    void nulls_that_are_not_distinct_are_counted_before_anything_is_changed() {
        try (Pair pair = Pair.of(18)) {
            pair.migrate("alter table newer.loose drop constraint once; insert into newer.loose values (9, 1, null)");
            assertThat(SchemaDifference.between(pair.live, pair.copy))
                    .isInstanceOfSatisfying(
                            NotDerivable.class,
                            not -> assertThat(not.refusals())
                                    .containsExactly(new Refusal(
                                            "constraint newer.loose once", "1 values are there more than once")));
        }
    }

    @Test
    void a_constraint_that_takes_no_nulls_is_renamed_and_what_stands_on_it_stays() {
        try (Pair pair = Pair.of(18)) {
            pair.migrate("alter table newer.items rename constraint items_id_not_null to needed");
            assertThat(SchemaRollbackTest.derived(pair).changes())
                    .extracting(Change::step)
                    .containsExactly(
                            "constraint newer.items items_id_not_null: gives constraint newer.items needed its name items_id_not_null back");
        }
    }
}
