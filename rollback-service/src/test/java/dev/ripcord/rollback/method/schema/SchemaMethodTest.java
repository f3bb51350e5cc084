package dev.ripcord.rollback.method.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ripcord.databases.AdminSession.Command;
import dev.ripcord.events.Plan;
import dev.ripcord.events.TableLoss;
import dev.ripcord.events.Way;
import dev.ripcord.rollback.core.Request;
import dev.ripcord.rollback.core.Target;
import dev.ripcord.rollback.method.Draft;
import dev.ripcord.rollback.method.Effect;
import dev.ripcord.rollback.method.Ground;
import dev.ripcord.rollback.method.Method;
import dev.ripcord.rollback.method.MethodConformance;
import dev.ripcord.rollback.method.Protected;
import java.time.Instant;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ParameterizedClass
@ValueSource(ints = {15, 18})
class SchemaMethodTest implements MethodConformance {

    private final int major;

    SchemaMethodTest(int major) {
        this.major = major;
    }

    @Override
    public int major() {
        return major;
    }

    @Override
    public Method method() {
        return new SchemaMethod();
    }

    @Test
    void rows_of_a_table_that_goes_are_a_loss_in_the_plan_and_in_the_outcome() {
        try (Protected shop = Protected.inPlace(major, SHOP, UnaryOperator.identity())) {
            shop.execute("set role shop_owner; create table made as select generate_series(1, 33) n");
            Draft.Ready ready = drafted(shop);
            assertThat(ready.steps())
                    .contains("table public.made: takes away table public.made; loses table public.made with 33 rows");
            assertThat(ready.loss()).containsExactly(new TableLoss("public.made", 33, 0, 0, true));
            shop.execute("insert into made values (34)");
            assertThat(act(shop, MethodConformance.plan(method(), ready)))
                    .isInstanceOfSatisfying(
                            Effect.Done.class,
                            done -> assertThat(done.loss())
                                    .containsExactly(new TableLoss("public.made", 34, 0, 0, true)));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "alter table serials drop column first",
                "alter table serials drop column n",
                "drop table serials"
            })
    void a_table_and_the_sequence_that_it_owns_come_back_to_their_owner(String migration) {
        String serials =
                "; set role shop_owner; create table serials (id serial primary key, first int, n serial, last int); insert into serials (first) values (7); reset role";
        try (Protected shop = Protected.inPlace(major, SHOP + serials, UnaryOperator.identity())) {
            shop.execute("set role shop_owner; " + migration);
            assertThat(act(shop, MethodConformance.plan(method(), drafted(shop))))
                    .isInstanceOf(Effect.Done.class);
            shop.execute("set role shop_owner; insert into serials (first) values (8)");
        }
    }

    @Test
    void a_schema_comes_back_to_its_owner_before_what_is_in_it() {
        String own =
                "; create schema own authorization shop_owner; set role shop_owner; create table own.things (id serial primary key, n int); create sequence own.numbers; create function own.f(a int, b int, c int) returns int language sql return (a + b) * c; reset role";
        try (Protected shop = Protected.inPlace(major, SHOP + own, UnaryOperator.identity())) {
            shop.execute("set role shop_owner; drop schema own cascade");
            assertThat(act(shop, MethodConformance.plan(method(), drafted(shop))))
                    .isInstanceOf(Effect.Done.class);
            shop.execute("set role shop_owner; create table own.more as select own.f(1, 2, 3), nextval('own.numbers')");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "create table import_17 (n int) | alter table import_17 rename to import_18",
                "create table \"17 rows\" (n int) | alter table \"17 rows\" rename to \"18 rows\"",
                "alter table orders add column c1 int | alter table orders rename column c1 to c2"
            })
    void a_plan_does_not_hold_for_an_object_of_another_number(String migration, String since) {
        try (Protected shop = Protected.inPlace(major, SHOP, UnaryOperator.identity())) {
            shop.execute("set role shop_owner; " + migration);
            Plan plan = MethodConformance.plan(method(), drafted(shop));
            shop.execute("set role shop_owner; " + since);
            assertThat(act(shop, plan)).isInstanceOf(Effect.Outdated.class);
        }
    }

    private Draft.Ready drafted(Protected shop) {
        try (Ground ground = ground(shop)) {
            return (Draft.Ready) method().draft(ground);
        }
    }

    private Effect act(Protected shop, Plan plan) {
        try (Ground ground = ground(shop)) {
            return method().act(ground, plan);
        }
    }

    private static Ground ground(Protected shop) {
        Request request =
                new Request("r1", shop.database.id(), null, "s1", null, "the test asks", "test", Way.of("schema"));
        Target target = new Target("s1", Instant.EPOCH, null);
        return new Ground(
                shop.vertx,
                shop.admin,
                shop.database,
                shop.identity,
                new Command("r1", 1),
                new Ground.Ask(request, target, null, shop.shadow, null));
    }

    @Override
    public Case example() {
        return new Case(
                "",
                "alter table orders alter column price drop not null; alter table orders add column extra text; alter table "
                        + HOSTILE + " drop column note; create index " + HOSTILE.replace("a", "b") + " on " + HOSTILE
                        + " ("
                        + HOSTILE + ")",
                Way.of("schema"),
                "orders",
                "select string_agg(format('%s %s %s %s', c.relname, a.attname, a.attnotnull, c.relkind), ',' order by c.relname, a.attname) from pg_attribute a join pg_class c on c.oid = a.attrelid"
                        + " where c.relnamespace = 'public'::regnamespace and a.attnum > 0 and not a.attisdropped");
    }
}
