package dev.ripcord.rollback.method.partial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ripcord.databases.DatabaseFailure;
import dev.ripcord.databases.PgSession;
import dev.ripcord.rollback.method.partial.PartialPlan.Ready;
import dev.ripcord.rollback.method.partial.PartialRestore.Applied;
import dev.ripcord.rollback.method.partial.PartialRestore.Failed;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Others write meanwhile, hold locks, or end the session: the tables are whole, before or after. */
@ParameterizedClass
@ValueSource(ints = {18, 15})
class TroubleTest {

    private static final String SHOP = """
            create table customers (id int primary key, name text);
            create table orders (id int primary key, customer int not null references customers, note text);
            create table others (id int primary key, note text);
            insert into customers select n, 'c' from generate_series(1, 100) n;
            insert into orders select n, n, 'o' from generate_series(1, 100) n;
            insert into others select n, 'x' from generate_series(1, 100) n;
            """;
    private static final String CHANGES =
            "update orders set note = 'changed' where id < 10; delete from orders where id > 90; insert into customers values (101)";

    private final int major;

    TroubleTest(int major) {
        this.major = major;
    }

    private Situation shop() {
        return Situation.of(major, SHOP).then(CHANGES);
    }

    private static Future<PartialRestore> start(Situation shop, Ready ready, Duration limit) {
        return CompletableFuture.supplyAsync(() -> shop.restore(ready, limit));
    }

    private static PartialRestore outcome(Future<PartialRestore> restore)
            throws InterruptedException, ExecutionException, TimeoutException {
        return restore.get(60, TimeUnit.SECONDS);
    }

    @Test
    void a_lock_that_is_not_given_up_ends_the_restore_within_its_limit_and_nothing_changed() {
        try (Situation shop = shop();
                PgSession writer = shop.another()) {
            Ready ready = shop.ready("customers", "orders");
            writer.execute("begin; update orders set note = 'writing' where id = 50");
            var before = Situation.everything(shop.live);
            long began = System.nanoTime();
            PartialRestore restore = shop.restore(ready, Duration.ofMillis(500));
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(15));
            assertThat(restore).isInstanceOf(Failed.class);
            assertThat(((Failed) restore).reason()).contains("500 ms");
            assertThat(Situation.everything(shop.live)).isEqualTo(before);
            writer.execute("rollback");
            shop.restored("public.customers", "public.orders");
        }
    }

    @Test
    void writers_of_other_tables_do_not_notice_and_readers_read_on() throws Exception {
        try (Situation shop = shop();
                PgSession holder = shop.another();
                PgSession writer = shop.another();
                PgSession reader = shop.another()) {
            Ready ready = shop.ready("orders");
            holder.execute("begin; lock table customers in share row exclusive mode");
            writer.execute("set lock_timeout = '100ms'");
            reader.execute("set lock_timeout = '100ms'");
            writer.execute("begin; update others set note = 'mine' where id = 1");
            Future<PartialRestore> restore = start(shop, ready, Duration.ofSeconds(20));
            await().until(() -> restore.isDone());
            assertThat(outcome(restore)).isInstanceOf(Applied.class);
            reader.query("select count(*) from orders");
            writer.execute("commit");
            assertThat(shop.ask("select note from public.others where id = 1")).isEqualTo("mine");
        }
    }

    @Test
    void what_was_written_after_the_plan_is_restored_too_and_told() {
        try (Situation shop = shop()) {
            Ready ready = shop.ready("orders");
            shop.then("insert into orders values (200, 5, 'later')");
            PartialRestore restore = shop.restore(ready, Situation.SOON);
            assertThat(restore).isInstanceOf(Applied.class);
            assertThat(((Applied) restore).asPlanned()).isFalse();
            assertThat(((Applied) restore).loss().getFirst().inserted()).isEqualTo(1);
        }
    }

    @Test
    void tables_that_came_to_be_concerned_after_the_plan_end_the_restore() {
        try (Situation shop = shop()) {
            PartialOptions deleting = new PartialOptions(true, true, true);
            Ready ready = shop.ready(deleting, "customers");
            shop.then("insert into orders values (200, 101, 'later')");
            var before = Situation.everything(shop.live);
            PartialRestore restore = shop.restore(ready, Situation.SOON);
            assertThat(restore).isInstanceOf(Failed.class);
            assertThat(((Failed) restore).reason()).contains("make the plan again");
            assertThat(Situation.everything(shop.live)).isEqualTo(before);
        }
    }

    @Test
    void a_reference_that_somebody_is_about_to_make_is_waited_for_and_ends_the_restore() throws Exception {
        try (Situation shop = shop();
                PgSession writer = shop.another()) {
            Ready ready = shop.ready("customers");
            writer.execute("begin; insert into orders values (200, 101, 'to a customer who goes')");
            Future<PartialRestore> restore = start(shop, ready, Duration.ofSeconds(20));
            await().until(() -> shop.waiting());
            writer.execute("commit");
            assertThat(outcome(restore)).isInstanceOf(Failed.class);
            assertThat(shop.ask("select count(*) from public.customers where id = 101"))
                    .isEqualTo("1");
        }
    }

    @Test
    void a_parent_that_somebody_is_about_to_delete_is_waited_for_and_ends_the_restore() throws Exception {
        try (Situation shop = Situation.of(major, SHOP).then("delete from orders where id > 90");
                PgSession writer = shop.another()) {
            Ready ready = shop.ready("orders");
            writer.execute("begin; delete from customers where id = 95");
            Future<PartialRestore> restore = start(shop, ready, Duration.ofSeconds(20));
            await().until(() -> shop.waiting());
            writer.execute("commit");
            assertThat(outcome(restore)).isInstanceOf(Failed.class);
            assertThat(
                            shop.ask(
                                    "select count(*) from public.orders o left join public.customers c on c.id = o.customer where c.id is null"))
                    .isEqualTo("0");
        }
    }

    @Test
    void a_session_that_is_ended_in_the_middle_leaves_everything_as_it_was() throws Exception {
        try (Situation shop = shop();
                PgSession writer = shop.another();
                PgSession superuser = shop.superuser()) {
            Ready ready = shop.ready("customers", "orders");
            var before = Situation.everything(superuser);
            // a row lock on a parent that goes: the restore has written already when it meets it
            writer.execute("begin; select * from customers where id = 101 for key share");
            Future<PartialRestore> restore = start(shop, ready, Duration.ofSeconds(20));
            await().until(() -> shop.waiting());
            superuser.query("select pg_terminate_backend($1)", shop.live.processId());
            assertThatThrownBy(() -> outcome(restore)).hasCauseInstanceOf(DatabaseFailure.class);
            writer.execute("rollback");
            assertThat(Situation.everything(superuser)).isEqualTo(before);
        }
    }

    @Test
    void a_change_beyond_the_plan_is_found_by_the_servers_own_count() {
        try (Situation shop =
                Situation.of(major, """
                        create table log (id int generated always as identity, what text); create table t (id int primary key, n int); insert into t values (1, 1);
                        create function note() returns int language plpgsql as $$ begin insert into public.log (what) values ('x'); return 1; end $$;""").then("alter table t add extra int default note(); delete from t")) {
            Ready ready = shop.ready("t");
            var before = Situation.everything(shop.live);
            PartialRestore restore = shop.restore(ready, Situation.SOON);
            assertThat(restore).isInstanceOf(Failed.class);
            assertThat(((Failed) restore).reason()).contains("public.log is outside the plan");
            assertThat(Situation.everything(shop.live)).isEqualTo(before);
        }
    }

    @Test
    void a_large_table_takes_seconds_and_only_what_differs_is_written() {
        try (Situation shop = Situation.of(major, """
                        create table large (id int primary key, name text, price numeric, made timestamptz, data jsonb);
                        insert into large select n, 'product ' || n || repeat(' text', 60), n / 7.0, '2026-01-01'::timestamptz + n * interval '1 s', jsonb_build_object('n', n, 'tags', array['a', 'b'])
                          from generate_series(1, 10000) n;""")
                .then(
                        "update large set price = price * 2 where id % 10 = 0; delete from large where id % 100 = 1; insert into large select n from generate_series(300001, 301000) n")) {
            say(shop, "a tenth changed");
            shop.then("delete from large where id > 10");
            say(shop, "nearly all deleted");
            shop.then("update large set name = ''");
            say(shop, "all changed");
        }
    }

    private void say(Situation shop, String what) {
        long began = System.nanoTime();
        Ready ready = (Ready) shop.plan("large");
        long planned = System.nanoTime();
        Applied applied = (Applied) shop.restore(ready, Situation.SOON);
        long done = System.nanoTime();
        System.out.println("PostgreSQL " + major + ", 10,000 rows, " + what + ": plan "
                + Duration.ofNanos(planned - began).toMillis() + " ms, act "
                + Duration.ofNanos(done - planned).toMillis() + " ms, writers held off "
                + applied.locked().toMillis() + " ms; " + applied.loss());
        assertThat(shop.plan("large")).isInstanceOf(PartialPlan.Nothing.class);
    }
}
