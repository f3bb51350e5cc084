package dev.ripcord.snapshot.provider.rebuild;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ripcord.databases.Databases;
import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.databases.RebuildScripts;
import dev.ripcord.embedded.EmbeddedInfrastructure;
import dev.ripcord.events.Script;
import dev.ripcord.events.Shadow;
import dev.ripcord.snapshot.SampleDatabase;
import dev.ripcord.snapshot.core.Progress;
import dev.ripcord.snapshot.core.Provider.Order;
import dev.ripcord.snapshot.core.Provider.Restoration;
import dev.ripcord.snapshot.core.Provider.Restored;
import dev.ripcord.snapshot.core.Refusal;
import dev.ripcord.snapshot.provider.AdminSessions;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScriptedBuildTest {

    private static final Vertx VERTX = Vertx.vertx();

    @TempDir
    private static Path folder;

    @Test
    void scripts_are_run_in_the_order_of_their_numbers_as_the_owner_and_the_copy_is_closed() throws IOException {
        SampleDatabase sample = sample("built");
        script(sample, "baseline", "V10__rows.sql", "insert into orders (note) values ('from V10')");
        script(
                sample,
                "baseline",
                "V2__orders.sql",
                "create table orders (id serial primary key, note text); create function f() returns int language sql"
                        + " as $$ select 1; $$;");
        script(sample, "baseline", "V2__orders.down.sql", "drop table orders");
        script(sample, "seeds", "1.sql", "insert into orders (note) values ('seed; not two statements')");

        Shadow shadow = built(build(sample));

        assertThat(sample.value("select datallowconn from pg_database where oid = " + shadow.oid()))
                .isEqualTo("f");
        String open = shadow.name();
        sample.run("postgres", "alter database " + open + " with allow_connections true");
        assertThat(sample.value(open, "select string_agg(note, ', ' order by id) from orders"))
                .isEqualTo("from V10, seed; not two statements");
        assertThat(sample.value(open, "select tableowner from pg_tables where tablename = 'orders'"))
                .isEqualTo("shop_owner");
        assertThat(sample.value(open, "select count(*) from pg_stats where tablename = 'orders'"))
                .as("what the planner needs to know")
                .isEqualTo("2");
        assertThat(sample.value(
                        open, "select has_sequence_privilege('ripcord_rollback', 'orders_id_seq', 'select, update')"))
                .isEqualTo("t");
        assertThat(sample.value(
                        "select string_agg(format('%s/%s/%s/%s', encoding, datcollate, datctype, datlocprovider), ' ')"
                                + " from (select distinct encoding, datcollate, datctype, datlocprovider from pg_database"
                                + " where datname in ('built', '" + open + "')) d"))
                .doesNotContain(" ");
    }

    @Test
    void the_first_statement_that_fails_is_named_with_its_file_and_nothing_is_left() throws IOException {
        SampleDatabase sample = sample("broken");
        script(sample, "baseline", "1.sql", "create table a (n int primary key)");
        script(sample, "baseline", "2.sql", "insert into a values (1);\n-- twice\ninsert into a values (1); select 1");

        Restoration restoration = build(sample);

        assertThat(restoration)
                .isInstanceOfSatisfying(
                        Refusal.class,
                        refusal -> assertThat(refusal.reason())
                                .contains("baseline/2.sql, statement 2 (")
                                .contains("duplicate key"));
        assertThat(sample.made("shadow")).isZero();
        assertThat(sample.open()).isTrue();
    }

    @Test
    void a_script_that_was_changed_after_the_plan_is_named_and_not_run() throws IOException {
        SampleDatabase sample = sample("changed");
        script(sample, "baseline", "1.sql", "create table a (n int)");
        List<Script> approved = scripts(sample);
        script(sample, "baseline", "1.sql", "create table b (n int)");

        Restoration restoration = build(sample, approved);

        assertThat(restoration)
                .isInstanceOfSatisfying(
                        Refusal.class,
                        refusal -> assertThat(refusal.reason())
                                .contains("expected baseline/1.sql (SHA-256 "
                                        + approved.getFirst().sha256() + ")"));
        assertThat(sample.made("shadow")).isZero();
    }

    @Test
    void a_build_that_was_interrupted_is_done_again_from_the_beginning() throws IOException {
        SampleDatabase sample = sample("resumed");
        script(sample, "baseline", "1.sql", "create table a (n int); insert into a values (1)");
        sample.run("postgres", "create database resumed__shadow_one owner ripcord_restore");
        sample.run("resumed__shadow_one", "create table left_over (n int)");

        Shadow shadow = built(build(sample));

        sample.run("postgres", "alter database " + shadow.name() + " with allow_connections true");
        assertThat(sample.value(
                        shadow.name(), "select string_agg(tablename, ' ') from pg_tables where schemaname = 'public'"))
                .isEqualTo("a");
    }

    private static Shadow built(Restoration restoration) {
        assertThat(restoration).isInstanceOf(Restored.class);
        return ((Restored) restoration).shadow();
    }

    private static Restoration build(SampleDatabase sample) throws IOException {
        return build(sample, scripts(sample));
    }

    private static Restoration build(SampleDatabase sample, List<Script> approved) throws IOException {
        return new ScriptedBuild(new AdminSessions(VERTX))
                .build(new Order(enrolled(sample), "x", 1), approved, "one", Progress.UNHEARD);
    }

    private static List<Script> scripts(SampleDatabase sample) throws IOException {
        return RebuildScripts.read(enrolled(sample)).stream()
                .map(RebuildScripts.Content::script)
                .toList();
    }

    private static void script(SampleDatabase sample, String kind, String name, String sql) throws IOException {
        Files.writeString(folder.resolve(sample.name()).resolve(kind).resolve(name), sql);
    }

    private static SampleDatabase sample(String name) throws IOException {
        Files.createDirectories(folder.resolve(name).resolve("baseline"));
        Files.createDirectories(folder.resolve(name).resolve("seeds"));
        return SampleDatabase.create(VERTX, EmbeddedInfrastructure.shared().postgres(), folder, name, true);
    }

    private static EnrolledDatabase enrolled(SampleDatabase sample) throws IOException {
        Path file = folder.resolve(sample.name() + ".yaml");
        Path scripts = folder.resolve(sample.name());
        Files.writeString(
                file,
                "databases:\n" + sample.yaml(folder, "form: clone") + "    rebuild: {baseline: "
                        + scripts.resolve("baseline") + ", seeds: " + scripts.resolve("seeds") + "}\n");
        return Databases.read(file).find(sample.name()).orElseThrow();
    }
}
