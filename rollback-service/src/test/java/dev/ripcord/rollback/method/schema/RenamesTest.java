package dev.ripcord.rollback.method.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ripcord.databases.ManifestReader;
import dev.ripcord.rollback.method.schema.SchemaChange.Applied;
import dev.ripcord.rollback.method.schema.SchemaDifference.Derived;
import dev.ripcord.rollback.method.schema.SchemaDifference.NotDerivable;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is gone and what was made are taken for one and the same only where the catalogue says so. */
@ParameterizedClass
@ValueSource(ints = {18, 15})
class RenamesTest {

    private final int major;

    RenamesTest(int major) {
        this.major = major;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "alter table shop.customers rename column note to remark | column shop.customers.note | column remark",
                "alter table shop.bag rename column weight to grams | column shop.bag.weight | column grams",
                "alter table shop.bag drop column weight, add column grams int, add column ounces int | column shop.bag.weight | column grams",
                "alter table shop.bag drop column word, drop column weight, add column first text, add column last text | column shop.bag.word | column first",
                "alter table shop.bag rename to sack | table shop.bag | table shop.sack",
                "drop table shop.bag; create table shop.sack (word text, weight int) | table shop.bag | table shop.sack"
            })
    void in_a_restored_copy_nothing_is_taken_for_renamed(String migration, String object, String now) {
        try (Pair pair = Pair.restored(major)) {
            pair.migrate(migration);
            assertThat(SchemaDifference.between(pair.live, pair.copy))
                    .isInstanceOfSatisfying(
                            NotDerivable.class,
                            not -> assertThat(not.refusals())
                                    .contains(
                                            new Refusal(
                                                    object,
                                                    now
                                                            + " may be this one under another name, and a restored copy cannot tell")));
        }
    }

    @Test
    void in_a_restored_copy_what_cannot_be_a_new_name_is_derived() {
        try (Pair pair = Pair.restored(major)) {
            pair.migrate("alter table shop.customers drop column note, add column remark text;"
                    + "drop table shop.bag; create table shop.sack (word text, weight bigint)");
            Derived derived = SchemaRollbackTest.derived(pair);
            assertThat(SchemaChange.apply(pair.live, pair.copy, derived, Duration.ofSeconds(5)))
                    .isInstanceOf(Applied.class);
            assertThat(ManifestReader.objects(pair.live)).isEqualTo(ManifestReader.objects(pair.copy));
            assertThat(pair.ask("select count(*) from shop.bag")).isEqualTo("10");
        }
    }

    @Test
    void a_table_of_the_same_columns_is_another_one_where_object_ids_tell() {
        try (Pair pair = Pair.of(major)) {
            pair.migrate("drop table shop.bag; create table shop.sack (word text, weight int);"
                    + "insert into shop.sack values ('another', 99)");
            Derived derived = SchemaRollbackTest.derived(pair);
            assertThat(derived.changes()).noneMatch(Change.Rename.class::isInstance);
            assertThat(SchemaChange.apply(pair.live, pair.copy, derived, Duration.ofSeconds(5)))
                    .isInstanceOf(Applied.class);
            assertThat(pair.ask("select string_agg(word, ',' order by weight) from shop.bag"))
                    .isEqualTo("w1,w2,w3,w4,w5,w6,w7,w8,w9,w10");
        }
    }
}
