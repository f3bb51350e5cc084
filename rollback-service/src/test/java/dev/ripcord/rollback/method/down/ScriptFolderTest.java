package dev.ripcord.rollback.method.down;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.ripcord.databases.EnrolledDatabase.Tool;
import dev.ripcord.embedded.EmbeddedPostgres;
import dev.ripcord.rollback.method.down.DownPlan.Next;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScriptFolderTest {

    private static final Map<String, String> RUNNER = Map.of(
            "001_items.up.sql", "create table items (id int primary key);",
            "001_items.down.sql", "drop table items;",
            "002_price/up.sql", "alter table items add price numeric;",
            "002_price/rollback.sql", "alter table items drop column price; -- back",
            "003_orders.sql",
                    "-- migrate:up\ncreate table orders (item int references items);\n-- migrate:down\ndrop table orders;\n",
            "010_view.sql", "create view dear as select * from items where price > 10;",
            "down/010_view.sql", "drop view dear;");

    private static final String RUNNER_TABLES = """
            create table schema_migrations (version varchar(255) primary key, name text not null, status text not null,
                applied_at timestamptz default now(), error_message text);
            create table migration_history (id serial primary key, version varchar(255), operation text, status text,
                executed_by text, executed_at timestamptz);
            """;

    private Place place = new Place();

    @AfterEach
    void close() {
        place.close();
    }

    private void migrated(Bundle bundle) {
        assertThat(Down.planUp(place.session, bundle, Settings.USUAL))
                .asInstanceOf(type(DownPlan.Steps.class))
                .satisfies(steps -> assertThat(Down.apply(place.session, steps, Limits.USUAL))
                        .isInstanceOf(DownOutcome.Applied.class));
    }

    private Bundle runner() {
        place.sql(RUNNER_TABLES);
        Bundle bundle = Place.bundle(Tool.scripts, RUNNER);
        migrated(bundle);
        return bundle;
    }

    private DownPlan plan(Bundle bundle, Aim aim) {
        return Down.plan(place.session, bundle, aim, Settings.USUAL);
    }

    private DownPlan.Steps steps(Bundle bundle, Aim aim) {
        DownPlan plan = plan(bundle, aim);
        assertThat(plan).isInstanceOf(DownPlan.Steps.class);
        return (DownPlan.Steps) plan;
    }

    private DownOutcome down(Bundle bundle, Aim aim) {
        return Down.apply(place.session, steps(bundle, aim), Limits.USUAL);
    }

    private void refused(DownPlan plan, Next next, String... parts) {
        assertThat(plan).asInstanceOf(type(DownPlan.Refused.class)).satisfies(refused -> {
            assertThat(refused.reason()).contains(parts);
            assertThat(refused.next()).isEqualTo(next);
        });
    }

    @Test
    void one_several_and_down_to_a_version_in_every_layout() {
        Bundle bundle = runner();
        assertThat(down(bundle, new Aim.Last())).isEqualTo(new DownOutcome.Applied(List.of("010"), "003"));
        assertThat(down(bundle, new Aim.Count(2))).isEqualTo(new DownOutcome.Applied(List.of("003", "002"), "001"));
        assertThat(place.read("select version || ' ' || status from schema_migrations order by 1"))
                .containsExactly("001 completed", "002 rolled_back", "003 rolled_back", "010 rolled_back");
        assertThat(
                        place.read(
                                "select version from migration_history where operation = 'rollback'"
                                        + " and status = 'completed' and executed_by = 'ripcord' and executed_at is not null order by id"))
                .containsExactly("010", "003", "002");
        migrated(bundle);
        assertThat(down(bundle, new Aim.To("2"))).isEqualTo(new DownOutcome.Applied(List.of("010", "003"), "002"));
        assertThat(place.read("select column_name from information_schema.columns where table_schema = 'public'"
                        + " and table_name in ('items', 'orders', 'dear') order by 1"))
                .containsExactly("id", "price");
    }

    @Test
    void nothing_to_undo_is_a_clean_end() {
        Bundle bundle = runner();
        assertThat(plan(bundle, new Aim.To("010"))).isInstanceOf(DownPlan.Nothing.class);
        down(bundle, new Aim.Count(4));
        assertThat(plan(bundle, new Aim.Last())).isEqualTo(new DownPlan.Nothing("no migration is applied"));
        assertThat(plan(bundle, new Aim.Count(3))).isInstanceOf(DownPlan.Nothing.class);
    }

    @Test
    void a_dry_run_and_a_plan_change_nothing() {
        Bundle bundle = runner();
        var before = place.everything();
        assertThat(Down.dryRun(place.session, steps(bundle, new Aim.Count(4)), Limits.USUAL))
                .isEqualTo(new DownOutcome.Applied(List.of("010", "003", "002", "001"), ""));
        assertThat(place.everything()).isEqualTo(before);
    }

    @Test
    void wrong_requests_are_told_from_impossible_ones() {
        Bundle bundle = runner();
        refused(plan(bundle, new Aim.To("004")), Next.correctRequest, "004 is unknown", "010, 003, 002, 001");
        refused(plan(bundle, new Aim.To("'; drop table items; --\n")), Next.correctRequest, "is unknown");
        refused(plan(bundle, new Aim.Count(5)), Next.correctRequest, "only 4 are applied");
        down(bundle, new Aim.Last());
        refused(plan(bundle, new Aim.To("010")), Next.correctRequest, "was never applied");
        Map<String, String> without = new HashMap<>(RUNNER);
        without.remove("002_price/rollback.sql");
        refused(
                plan(Place.bundle(Tool.scripts, without), new Aim.To("001")),
                Next.restore,
                "version 002 has no down script");
        without.put("002_price/rollback.sql", "-- nothing yet");
        refused(plan(Place.bundle(Tool.scripts, without), new Aim.To("001")), Next.restore, "no statement");
        without.remove("002_price/rollback.sql");
        without.remove("002_price/up.sql");
        refused(plan(Place.bundle(Tool.scripts, without), new Aim.Count(3)), Next.restore, "not in the bundle");
    }

    @Test
    void a_script_that_fails_in_the_middle_changes_nothing() {
        runner();
        Map<String, String> broken = new HashMap<>(RUNNER);
        broken.put(
                "002_price/rollback.sql", "alter table items drop column price;\nalter table items drop column cost;");
        var before = place.everything();
        assertThat(down(Place.bundle(Tool.scripts, broken), new Aim.Count(4)))
                .asInstanceOf(type(DownOutcome.Failed.class))
                .satisfies(failed -> {
                    assertThat(failed.reason()).contains("\"cost\"");
                    assertThat(failed.statement()).isEqualTo("alter table items drop column cost");
                });
        assertThat(place.everything()).isEqualTo(before);
    }

    @Test
    void what_cannot_be_all_or_nothing_is_refused() {
        runner();
        for (String unfit : List.of(
                "create index concurrently i on items (id)",
                "/* c */ drop view dear; COMMIT; drop table items",
                "begin; drop view dear; end",
                "select 1; \\i /etc/passwd",
                "copy items from program 'id'",
                "set role postgres; drop view dear",
                "vacuum items")) {
            Map<String, String> with = new HashMap<>(RUNNER);
            with.put("down/010_view.sql", unfit);
            refused(plan(Place.bundle(Tool.scripts, with), new Aim.Last()), Next.restore, "010", "view.sql");
        }
        Map<String, String> outside = new HashMap<>(RUNNER);
        outside.remove("010_view.sql");
        outside.remove("down/010_view.sql");
        outside.put("010_view.sql", "-- migrate:up\nselect 1;\n-- migrate:down transaction:false\ndrop view dear;");
        refused(plan(Place.bundle(Tool.scripts, outside), new Aim.Last()), Next.restore, "outside of a transaction");
    }

    @Test
    void an_altered_bundle_is_refused() {
        Bundle bundle = runner();
        List<Bundle.File> altered = bundle.files().stream()
                .map(file -> file.path().equals("down/010_view.sql")
                        ? new Bundle.File(file.path(), file.sha256(), "drop table items cascade;")
                        : file)
                .toList();
        refused(
                plan(new Bundle(Tool.scripts, altered), new Aim.Last()),
                Next.restore,
                "down/010_view.sql",
                "hash differs");
    }

    @Test
    void a_plan_does_not_outlive_a_change_of_the_version_table() {
        Bundle bundle = runner();
        DownPlan.Steps plan = steps(bundle, new Aim.Last());
        place.sql("insert into schema_migrations values ('011', 'x', 'completed')");
        assertThat(Down.apply(place.session, plan, Limits.USUAL))
                .isEqualTo(new DownOutcome.Failed("public.schema_migrations has changed since the plan was made", ""));
    }

    @Test
    void half_done_and_running_migrations_are_not_undone() {
        Bundle bundle = runner();
        place.sql("update schema_migrations set status = 'failed' where version = '010'");
        refused(plan(bundle, new Aim.Last()), Next.restore, "010 failed half-way");
        place.sql("alter table schema_migrations drop constraint schema_migrations_pkey;"
                + " insert into schema_migrations values ('010', 'view', 'completed')");
        assertThat(Down.applied(place.session, bundle, Settings.USUAL)).containsExactly("010", "003", "002", "001");
        place.sql("update schema_migrations set status = 'running' where version = '010'");
        refused(plan(bundle, new Aim.Last()), Next.retry, "under way");
    }

    @Test
    void hostile_versions_in_the_table_and_in_file_names_are_names_and_nothing_else() {
        Bundle bundle = runner();
        place.sql("insert into schema_migrations values ('011''; drop table items; --\n', 'x', 'completed')");
        refused(
                plan(bundle, new Aim.Last()),
                Next.restore,
                "011'; drop table items; --? is applied, but not in the bundle");
        Map<String, String> files = new HashMap<>(RUNNER);
        files.put("011'; drop table items; --_x.down.sql", "select 1;");
        files.put("$(reboot)_x.sql", "select 1;");
        refused(plan(Place.bundle(Tool.scripts, files), new Aim.Last()), Next.restore, "not in the bundle");
        assertThat(place.read("select count(*) from items")).containsExactly("0");
    }

    @Test
    void the_version_table_of_golang_migrate_keeps_one_row() {
        place.sql("create table schema_migrations (version bigint not null primary key, dirty boolean not null)");
        Bundle bundle = Place.bundle(Tool.scripts, RUNNER);
        migrated(bundle);
        assertThat(place.read("select version || ' ' || dirty from schema_migrations"))
                .containsExactly("10 false");
        assertThat(down(bundle, new Aim.To("2"))).isEqualTo(new DownOutcome.Applied(List.of("010", "003"), "002"));
        assertThat(place.read("select version || ' ' || dirty from schema_migrations"))
                .containsExactly("2 false");
        place.sql("update schema_migrations set dirty = true");
        refused(plan(bundle, new Aim.Last()), Next.restore, "half-way");
        place.sql("update schema_migrations set dirty = false");
        down(bundle, new Aim.Count(2));
        assertThat(place.read("select version from schema_migrations")).isEmpty();
        assertThat(plan(bundle, new Aim.Last())).isInstanceOf(DownPlan.Nothing.class);
    }

    @Test
    void the_version_table_of_dbmate_has_versions_alone() {
        place.sql("create table schema_migrations (version varchar primary key)");
        Bundle bundle = Place.bundle(Tool.scripts, RUNNER);
        migrated(bundle);
        down(bundle, new Aim.Last());
        assertThat(place.read("select version from schema_migrations order by 1"))
                .containsExactly("001", "002", "003");
    }

    @Test
    void quoted_and_dollar_quoted_words_are_no_commands_and_settings_do_not_stay() {
        runner();
        Map<String, String> with = new HashMap<>(RUNNER);
        with.put("down/010_view.sql", """
                set search_path = nowhere; set search_path = public;
                create function f() returns text language sql begin atomic select case when true then 'COMMIT;' end; end;
                do $x$ begin perform 'commit; -- '; execute 'drop view dear'; end $x$;
                drop function f();
                """);
        assertThat(down(Place.bundle(Tool.scripts, with), new Aim.Last())).isInstanceOf(DownOutcome.Applied.class);
        assertThat(place.session.query("show search_path").getFirst().getString(0))
                .isEqualTo("pg_catalog");
    }

    @Test
    void a_lock_that_another_holds_is_not_waited_for_without_end() {
        Bundle bundle = runner();
        try (var other = place.open()) {
            other.execute("begin");
            other.execute("lock table public.dear in access share mode");
            assertThat(Down.apply(
                            place.session,
                            steps(bundle, new Aim.Last()),
                            new Limits(java.time.Duration.ofMillis(200), java.time.Duration.ofSeconds(5))))
                    .asInstanceOf(type(DownOutcome.Failed.class))
                    .satisfies(failed -> assertThat(failed.reason()).contains("lock timeout"));
        }
    }

    @Test
    void it_is_the_same_on_postgres_15(@TempDir Path folder) {
        try (EmbeddedPostgres old = EmbeddedPostgres.start(folder, 15, 0)) {
            place.close();
            place = new Place(old.server());
            one_several_and_down_to_a_version_in_every_layout();
            place.close();
            place = new Place(old.server());
            a_script_that_fails_in_the_middle_changes_nothing();
        }
    }
}
