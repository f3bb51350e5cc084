package dev.ripcord.rollback.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ripcord.databases.AdminSession.Command;
import dev.ripcord.databases.DatabaseFailure;
import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.databases.Identity;
import dev.ripcord.databases.ManifestReader;
import dev.ripcord.databases.PgSession;
import dev.ripcord.databases.RefusedException;
import dev.ripcord.events.Plan;
import dev.ripcord.events.Shadow;
import dev.ripcord.events.Way;
import dev.ripcord.rollback.core.Request;
import dev.ripcord.rollback.core.Target;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every way back that leaves the database where it stands keeps to; each method's test implements this and so runs it. */
public interface MethodConformance {

    /** The plan of what a method has found out. */
    static Plan plan(Method method, Draft.Ready ready) {
        return new Plan(
                method.rung().name(),
                new Plan.Target("s1", Instant.EPOCH, true, true),
                new Plan.Losses(ready.loss(), List.of(), List.of(), ""),
                new Plan.Estimate(0, null, 0, ""),
                new Plan.Consent("automatic", null, 0),
                new Plan.Times(Instant.EPOCH, Instant.MAX),
                ready.steps(),
                List.of(),
                List.of(),
                null,
                new Plan.Facts("", 0, null),
                "");
    }

    /** A name that breaks whatever does not quote it; every shop has a table of this name with a column of this name. */
    String HOSTILE = "\"a\"\"b'; drop table orders; --\n$$ %s\"";

    /** Tables that every shop has, orders and another that nothing is to touch. */
    String SHOP =
            "create table orders (id int primary key, price numeric not null); insert into orders select n, n from generate_series(1, 500) n;"
                    + " create table " + HOSTILE + " (" + HOSTILE + " int primary key, note text); insert into "
                    + HOSTILE
                    + " select n, 'x' from generate_series(1, 100) n;"
                    + " create table bystander (id int primary key, note text); insert into bystander select n, 'y' from generate_series(1, 100) n;";

    /** On which major version of PostgreSQL. */
    int major();

    Method method();

    /** What to go back from. */
    Case example();

    /** The enrolment with what this method needs besides. */
    default EnrolledDatabase configured(EnrolledDatabase database) {
        return database;
    }

    /**
     * A bad migration, and the way back from it.
     *
     * @param before beyond {@link #SHOP}
     * @param migration what went wrong after the snapshot
     * @param locked a table that the way back has to write to
     * @param question says by its answer whether the database is back
     */
    record Case(String before, String migration, @Nullable Way way, String locked, String question) {}

    /** A database in which it went wrong. */
    final class Scene implements AutoCloseable {
        private final Protected shop;
        private final Case example;
        private final Method method;
        private final String right;

        private Scene(MethodConformance test) {
            example = test.example();
            method = test.method();
            shop = Protected.inPlace(test.major(), SHOP + example.before(), test::configured);
            right = shop.ask(example.question());
            shop.execute("set role shop_owner; " + example.migration());
            if (method.changesDatabase())
                assertThat(shop.ask(example.question())).isNotEqualTo(right);
        }

        private Ground ground(@Nullable Shadow stage) {
            return ground(shop.database, shop.identity, stage);
        }

        private Ground ground(EnrolledDatabase database, Identity identity, @Nullable Shadow stage) {
            Request request =
                    new Request("r1", database.id(), null, "s1", null, "the test asks", "test", example.way());
            return new Ground(
                    shop.vertx,
                    shop.admin,
                    database,
                    identity,
                    new Command("r1", 1),
                    new Ground.Ask(
                            request,
                            new Target("s1", Instant.EPOCH, null),
                            null,
                            method.readsCopy() ? shop.shadow : null,
                            stage));
        }

        private Draft draft() {
            try (Ground ground = ground(null)) {
                return method.draft(ground);
            }
        }

        private Plan planned() {
            assertThat(draft()).isInstanceOf(Draft.Ready.class);
            return plan(method, (Draft.Ready) draft());
        }

        private Effect act(Plan plan) {
            try (Ground ground = ground(null)) {
                return method.act(ground, plan);
            }
        }

        private boolean committed() {
            return shop.admin.changedInPlace("r1").orElse("none").equals("committed");
        }

        /** Every object and every row, of the live database or a copy. */
        private List<Object> everything(String database) {
            try (PgSession session = shop.session(database)) {
                return List.of(ManifestReader.objects(session), ManifestReader.tables(session));
            }
        }

        private List<Object> everything() {
            return everything(shop.name());
        }

        private Future<Effect> acting(Plan plan) {
            Future<Effect> acting = CompletableFuture.supplyAsync(() -> act(plan));
            await().until(() -> !shop.ask(
                            "select count(*) from pg_stat_activity where usename = 'ripcord_change' and wait_event_type = 'Lock' and datname = current_database()")
                    .equals("0"));
            return acting;
        }

        @Override
        public void close() {
            shop.close();
        }
    }

    @Test
    default void looking_changes_nothing_and_waits_for_nobody() {
        try (Scene scene = new Scene(this);
                PgSession writer = scene.shop.session()) {
            var before = scene.everything();
            writer.execute("begin; insert into orders values (9999, 1); update bystander set note = 'writing'");
            assertThat(scene.draft()).isInstanceOf(Draft.Ready.class);
            writer.execute("rollback");
            assertThat(scene.everything()).isEqualTo(before);
            assertThat(scene.draft()).isEqualTo(scene.draft());
        }
    }

    @Test
    default void what_was_planned_is_done_and_the_bystander_stays() {
        try (Scene scene = new Scene(this)) {
            Plan plan = scene.planned();
            scene.shop.execute("update bystander set note = 'since' where id = 1");
            String bystander = "select md5(string_agg(b::text, '' order by id)) from public.bystander b";
            String kept = scene.shop.ask(bystander);
            var before = scene.everything();

            assertThat(scene.act(plan)).isInstanceOf(Effect.Done.class);

            assertThat(scene.shop.ask(bystander)).isEqualTo(kept);
            if (method().changesDatabase()) {
                assertThat(scene.shop.ask(scene.example.question())).isEqualTo(scene.right);
                assertThat(scene.committed()).as("known after an interruption").isTrue();
            } else {
                assertThat(scene.everything()).isEqualTo(before);
            }
        }
    }

    @Test
    default void a_rehearsal_does_all_of_it_and_leaves_the_live_database_and_the_copy_as_they_were() {
        if (!method().changesDatabase()) return;
        try (Scene scene = new Scene(this)) {
            Plan plan = scene.planned();
            Shadow stage = scene.shop.stage();
            var before = scene.everything();
            try (Ground ground = scene.ground(stage)) {
                assertThat(method().act(ground, plan)).isInstanceOf(Effect.Done.class);
                assertThat(scene.everything(stage.name())).isEqualTo(before);
            }
            assertThat(scene.everything()).isEqualTo(before);
            assertThat(scene.committed()).isFalse();
            assertThat(scene.shop.ask(
                            "select datallowconn::text from pg_database where datname = '" + stage.name() + "'"))
                    .isEqualTo("false");
        }
    }

    @Test
    default void a_lock_that_is_not_given_up_ends_it_soon_with_nothing_changed() throws Exception {
        if (!method().changesDatabase()) return;
        try (Scene scene = new Scene(this);
                PgSession other = scene.shop.session()) {
            Plan plan = scene.planned();
            var before = scene.everything();
            other.execute("begin; lock table " + scene.example.locked() + " in share row exclusive mode");

            assertThat(scene.acting(plan).get(30, TimeUnit.SECONDS)).isInstanceOf(Effect.NotDone.class);

            other.execute("rollback");
            assertThat(scene.everything()).isEqualTo(before);
            assertThat(scene.committed()).isFalse();
            assertThat(scene.draft()).as("it can be tried again").isInstanceOf(Draft.Ready.class);
        }
    }

    @Test
    default void a_session_that_is_ended_in_the_middle_leaves_everything_as_it_was() {
        if (!method().changesDatabase()) return;
        try (Scene scene = new Scene(this);
                PgSession other = scene.shop.session()) {
            Plan plan = scene.planned();
            var before = scene.everything();
            other.execute("begin; lock table " + scene.example.locked() + " in share row exclusive mode");
            Future<Effect> acting = scene.acting(plan);
            scene.shop.ask(
                    "select count(pg_terminate_backend(pid)) from pg_stat_activity where usename = 'ripcord_change' and datname = current_database()");
            assertThatThrownBy(() -> acting.get(30, TimeUnit.SECONDS))
                    .as("not taken for a way that cannot be gone")
                    .hasCauseInstanceOf(DatabaseFailure.class);
            other.execute("rollback");
            assertThat(scene.everything()).isEqualTo(before);
            assertThat(scene.committed()).isFalse();
        }
    }

    @Test
    default void a_database_that_is_held_by_another_is_no_reason_to_go_another_way() {
        if (!method().changesDatabase()) return;
        try (Scene scene = new Scene(this);
                PgSession other = scene.shop.session()) {
            Plan plan = scene.planned();
            var before = scene.everything();
            Command holder = new Command("r0", 1);
            scene.shop.admin.beginInPlace(holder, scene.shop.identity, other.processId(), "3");
            assertThatThrownBy(() -> scene.act(plan))
                    .isInstanceOfSatisfying(
                            DatabaseFailure.class,
                            failure -> assertThat(failure.sqlState()).isEqualTo("RC004"));
            scene.shop.admin.open(holder, scene.shop.identity);
            assertThat(scene.everything()).isEqualTo(before);
            assertThat(scene.act(plan)).isInstanceOf(Effect.Done.class);
        }
    }

    @Test
    default void another_database_of_the_same_name_is_refused() {
        if (!method().changesDatabase()) return;
        try (Scene scene = new Scene(this)) {
            Plan plan = scene.planned();
            var before = scene.everything();
            Identity other = new Identity(
                    scene.shop.identity.systemIdentifier(),
                    scene.shop.identity.marker(),
                    scene.shop.identity.oid() + 1,
                    scene.shop.identity.serverVersion());
            try (Ground ground = scene.ground(scene.shop.database, other, null)) {
                assertThatThrownBy(() -> method().act(ground, plan)).isInstanceOf(RuntimeException.class);
            }
            assertThat(scene.everything()).isEqualTo(before);
        }
    }

    @Test
    default void without_the_role_for_changes_nothing_is_done() {
        if (!method().changesDatabase()) return;
        try (Scene scene = new Scene(this)) {
            Plan plan = scene.planned();
            EnrolledDatabase enrolled = scene.shop.database;
            EnrolledDatabase.Roles roles = enrolled.roles();
            EnrolledDatabase roleless = configured(new EnrolledDatabase(
                    enrolled.id(),
                    enrolled.environment(),
                    enrolled.server(),
                    new EnrolledDatabase.Roles(roles.snapshot(), roles.rollback(), roles.verifier(), null),
                    enrolled.snapshot(),
                    null,
                    null,
                    null,
                    null));
            try (Ground ground = scene.ground(roleless, scene.shop.identity, null)) {
                assertThatThrownBy(() -> method().act(ground, plan))
                        .isInstanceOf(RefusedException.class)
                        .hasMessageContaining("enrol --in-place");
            }
        }
    }
}
