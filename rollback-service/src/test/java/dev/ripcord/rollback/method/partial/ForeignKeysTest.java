package dev.ripcord.rollback.method.partial;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ripcord.events.TableLoss;
import dev.ripcord.rollback.method.partial.PartialPlan.Nothing;
import dev.ripcord.rollback.method.partial.PartialPlan.Refused;
import dev.ripcord.rollback.method.partial.PartialRestore.Applied;
import dev.ripcord.rollback.method.partial.PartialStep.Act;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Named tables come back; what refers to them, and what they refer to, stays whole. */
@ParameterizedClass
@ValueSource(ints = {18, 15})
class ForeignKeysTest {

    private static final PartialOptions DELETING = new PartialOptions(true, true, false);
    private static final String SHOP = """
            create table regions (id int primary key, name text);
            create table customers (id int primary key, name text, region int references regions);
            create table orders (id int primary key, customer int not null references customers %1$s, note text);
            create table lines (id int primary key, ordered int not null references orders %1$s, amount numeric);
            insert into regions select n, 'region ' || n from generate_series(1, 10) n;
            insert into customers select n, 'customer ' || n, n from generate_series(1, 10) n;
            insert into orders select n, n, 'order ' || n from generate_series(1, 10) n;
            insert into lines select n, n, n from generate_series(1, 10) n;
            """;

    private final int major;

    ForeignKeysTest(int major) {
        this.major = major;
    }

    private Situation shop() {
        return Situation.of(major, SHOP.formatted(""));
    }

    @Test
    void a_simple_table_comes_back_row_by_row() {
        try (Situation shop = shop().then("""
                update lines set amount = amount + 1 where id <= 3;
                delete from lines where id > 8;
                insert into lines values (11, 1, 1);""")) {
            assertThat(shop.ready("public.lines").loss()).containsExactly(new TableLoss("public.lines", 1, 3, 2, true));
            Applied applied = shop.restored("public.lines");
            assertThat(applied.steps())
                    .containsExactly(
                            new PartialStep(Act.DELETE, "public.lines", "", 1),
                            new PartialStep(Act.UPDATE, "public.lines", "", 3),
                            new PartialStep(Act.INSERT, "public.lines", "", 2));
            assertThat(shop.plan("lines")).isInstanceOf(Nothing.class);
        }
    }

    @Test
    void parents_that_were_deleted_come_back_with_their_own_parents_and_nothing_else() {
        try (Situation shop = shop().then("""
                delete from lines; delete from orders; delete from customers where id in (2, 3); delete from regions where id = 2;
                update customers set name = 'changed' where id = 1""")) {
            Applied applied = shop.restored(
                    PartialOptions.USUAL, List.of("public.orders"), List.of("public.customers", "public.regions"));
            assertThat(applied.steps())
                    .contains(
                            new PartialStep(Act.ADD_PARENTS, "public.customers", "orders_customer_fkey", 2),
                            new PartialStep(Act.ADD_PARENTS, "public.regions", "customers_region_fkey", 1));
            assertThat(shop.ask("select string_agg(name, ',' order by id) from public.customers where id <= 3"))
                    .isEqualTo("changed,customer 2,customer 3");
        }
    }

    @Test
    void missing_parents_are_a_reason_to_refuse_where_nobody_allowed_them() {
        try (Situation shop =
                shop().then("delete from lines; delete from orders; delete from customers where id = 2")) {
            assertThat(shop.refused(new PartialOptions(false, false, false), "orders"))
                    .contains("1 rows of public.customers were deleted since", "orders_customer_fkey");
        }
    }

    @Test
    void a_parent_that_lost_the_key_referred_to_but_is_there_must_be_named() {
        try (Situation shop = Situation.of(major, """
                        create table products (id int primary key, code text unique);
                        create table prices (id int primary key, product text references products (code));
                        insert into products values (1, 'a'); insert into prices values (1, 'a');""").then("delete from prices; update products set code = 'b'")) {
            assertThat(shop.refused("prices")).contains("public.products", "changed since: name it");
            shop.restored("public.prices", "public.products");
        }
    }

    @Test
    void dependents_that_would_be_orphans_are_told_and_deleted_only_on_demand() {
        try (Situation shop = shop().then("""
                insert into customers values (11, 'new', 1);
                insert into orders values (11, 11, 'new'), (12, 11, 'new'), (13, 1, 'of an old customer');
                insert into lines values (11, 11, 1), (12, 12, 1), (13, 13, 1)""")) {
            Refused refused = (Refused) shop.plan("customers");
            assertThat(refused.beyond())
                    .containsExactlyInAnyOrder(
                            new PartialStep(Act.DELETE_DEPENDENTS, "public.orders", "orders_customer_fkey", 2),
                            new PartialStep(Act.DELETE_DEPENDENTS, "public.lines", "lines_ordered_fkey", 2));
            assertThat(shop.refused("customers")).contains("2 rows of public.orders refer by orders_customer_fkey");
            Applied applied =
                    shop.restored(DELETING, List.of("public.customers"), List.of("public.orders", "public.lines"));
            assertThat(applied.loss())
                    .contains(
                            new TableLoss("public.orders", 2, 0, 0, true),
                            new TableLoss("public.lines", 2, 0, 0, true));
            assertThat(shop.ask("select string_agg(id::text, ',' order by id) from public.orders where id > 10"))
                    .isEqualTo("13");
        }
    }

    @Test
    void dependents_that_are_named_come_back_too() {
        try (Situation shop = shop().then("""
                insert into customers values (11, 'new', 1); insert into orders values (11, 11, 'new'), (13, 1, 'new')""")) {
            shop.restored("public.customers", "public.orders");
        }
    }

    @Test
    void actions_of_foreign_keys_change_no_other_row() {
        for (String action : List.of("on delete cascade on update cascade", "on delete restrict")) {
            try (Situation shop = Situation.of(major, SHOP.formatted(action)).then("""
                    update customers set name = 'changed';
                    insert into customers values (11, 'new', 1);
                    delete from lines where id = 3""")) {
                shop.restored("public.customers");
            }
        }
        try (Situation shop = Situation.of(major, """
                        create table boxes (id int primary key, code int unique, a int);
                        create table things (id int primary key, box int default 1 references boxes (code) on delete set null on update set default);
                        insert into boxes select n, n, n from generate_series(1, 5) n;
                        insert into things select n, n from generate_series(1, 5) n;""")
                .then(
                        "update things set box = null; update boxes set code = code + 100; update boxes set code = code - 101; update things set box = 2")) {
            shop.restored("public.boxes");
        }
    }

    @Test
    void two_tables_that_refer_to_each_other_come_back_together_or_with_the_rows_they_need() {
        String schema = """
                create table people (id int primary key, team int);
                create table teams (id int primary key, lead int not null references people);
                alter table people add foreign key (team) references teams;
                insert into people select n from generate_series(1, 6) n;
                insert into teams select n, n from generate_series(1, 6) n;
                update people set team = id;""";
        String changes = """
                update people set team = null where id in (1, 2); delete from teams where id in (1, 2); delete from people where id in (1, 2);
                insert into people values (7); insert into teams values (7, 7); update people set team = 7 where id = 7""";
        try (Situation both = Situation.of(major, schema).then(changes)) {
            both.restored("public.people", "public.teams");
        }
        try (Situation one = Situation.of(major, schema).then(changes)) {
            assertThat(one.refused("people")).contains("1 rows of public.teams");
            one.restored(DELETING, List.of("public.people"), List.of("public.teams"));
            assertThat(one.ask("select string_agg(id::text, ',' order by id) from public.teams"))
                    .isEqualTo("1,2,3,4,5,6");
        }
    }

    @Test
    void a_table_that_refers_to_itself_comes_back_and_as_a_parent_brings_its_ancestors() {
        String schema = """
                create table tree (id int primary key, above int references tree);
                insert into tree select n, nullif(n - 1, 0) from generate_series(1, 3000) n;
                create table leaves (id int primary key, tree int references tree);
                insert into leaves values (1, 3000);""";
        String changes =
                "delete from leaves; delete from tree where id > 2997; insert into tree values (4000, 5), (4001, 4000)";
        try (Situation whole = Situation.of(major, schema).then(changes)) {
            whole.restored("public.tree");
        }
        try (Situation ancestors = Situation.of(major, schema).then(changes)) {
            ancestors.restored(PartialOptions.USUAL, List.of("public.leaves"), List.of("public.tree"));
            assertThat(ancestors.ask("select count(*) from public.tree where id > 2997"))
                    .isEqualTo("5");
        }
    }

    @Test
    void composite_keys_are_followed_column_by_column_and_match_full_is_kept() {
        try (Situation shop = Situation.of(
                        major,
                        """
                        create table accounts (bank text, number int, owner text, primary key (bank, number));
                        create table payments (id int, day date, bank text, number int, primary key (id, day),
                            foreign key (number, bank) references accounts (number, bank) match full);
                        alter table accounts add unique (number, bank);
                        """.replace(
                                                "foreign key (number, bank) references accounts (number, bank) match full",
                                                "check (id > 0)")
                                + """
                        alter table payments add constraint whole foreign key (number, bank) references accounts (number, bank) match full;
                        insert into accounts select 'bank' || n % 3, n, 'o' from generate_series(1, 9) n;
                        insert into payments select n, '2026-01-01', 'bank' || n % 3, n from generate_series(1, 9) n;
                        insert into payments values (10, '2026-01-01', null, null);""")
                .then(
                        "delete from payments where id in (1, 2, 10); delete from accounts where number = 1; update accounts set owner = 'p'")) {
            shop.restored(PartialOptions.USUAL, List.of("public.payments"), List.of("public.accounts"));
            assertThat(shop.ask("select string_agg(owner, '' order by number) from public.accounts"))
                    .isEqualTo("oppppppppp".substring(0, 9));
        }
    }

    @Test
    void an_owner_that_may_not_hold_foreign_keys_back_writes_in_their_order() {
        try (Situation shop = Situation.ofPlainOwner(major, SHOP.formatted("on delete cascade"))
                .then("""
                delete from lines; delete from orders where id < 4; delete from customers where id = 2; delete from regions where id = 2;
                insert into customers values (11, 'new', 1); insert into orders values (11, 11, 'new'); insert into lines values (11, 11, 1);
                update orders set customer = 11 where id = 5""")) {
            assertThat(shop.ready(DELETING, "customers", "orders", "lines").warnings())
                    .anyMatch(warning -> warning.contains("session_replication_role"));
            shop.restored(
                    DELETING, List.of("public.customers", "public.orders", "public.lines"), List.of("public.regions"));
        }
    }

    @Test
    void an_owner_that_may_not_hold_foreign_keys_back_writes_unique_values_that_passed_to_other_rows() {
        try (Situation shop = Situation.ofPlainOwner(major, """
                        create table slots (id int primary key, slot int unique, number int generated always as identity);
                        create table boxes (id int primary key, code int unique, parent int references boxes, note text);
                        create table things (id int primary key, box int references boxes);
                        insert into slots select n, n from generate_series(1, 6) n;
                        insert into boxes select n, n, nullif(n - 1, 0) from generate_series(1, 6) n;
                        insert into things values (1, 1), (2, 2);""").then("""
                delete from slots where id = 1; insert into slots values (9, 1); update slots set slot = 0 where id = 2;
                update slots set slot = 2 where id = 3; update slots set slot = 3 where id = 2;
                delete from slots where id = 4; insert into slots values (4, 4);
                delete from boxes where id in (5, 6); insert into boxes values (15, 5, 4), (16, 6, 4);
                update boxes set note = 'changed' where id = 1; insert into things values (3, 15)""")) {
            shop.restored("public.slots");
            shop.restored("public.boxes", "public.things");
            shop.then("update boxes set code = 0 where id = 1; update boxes set code = 1 where id = 2;"
                    + " update boxes set code = 2 where id = 1");
            PartialPlan.Ready ready = shop.ready("boxes");
            assertThat(ready.warnings())
                    .anyMatch(warning -> warning.startsWith("public.boxes: others refer to it")
                            && warning.contains("a unique value or a period passed from one row to another"));
            assertThat(shop.restore(ready, Situation.SOON)).isInstanceOf(PartialRestore.Failed.class);
        }
    }

    @Test
    void a_foreign_key_that_was_never_validated_is_told_and_not_made_worse() {
        try (Situation shop = Situation.of(major, """
                        create table a (id int primary key); create table b (id int primary key, a int, note text);
                        insert into b values (1, 77, ''); alter table b add constraint later foreign key (a) references a not valid;
                        insert into a values (1); insert into b values (2, 1, '');""")
                .then(
                        "update b set note = 'changed' where id = 2; insert into a values (3); insert into b values (3, 3, '')")) {
            assertThat(shop.ready("b").warnings()).anyMatch(warning -> warning.contains("later is not validated"));
            assertThat(shop.restored("public.b").notes()).anyMatch(note -> note.contains("the parents of 1 rows"));
        }
    }
}
