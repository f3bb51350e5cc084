package dev.ripcord.snapshot.provider.clone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ripcord.databases.AdminSession;
import dev.ripcord.databases.AdminSession.Command;
import dev.ripcord.databases.Databases;
import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.embedded.EmbeddedInfrastructure;
import dev.ripcord.events.Manifest;
import dev.ripcord.snapshot.SampleDatabase;
import dev.ripcord.snapshot.core.Provider;
import dev.ripcord.snapshot.core.Provider.Order;
import dev.ripcord.snapshot.core.Refusal;
import dev.ripcord.snapshot.core.Taken;
import dev.ripcord.snapshot.provider.AdminSessions;
import dev.ripcord.snapshot.provider.RoundTripConformance;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CloneProviderTest implements RoundTripConformance {

    private static final Vertx VERTX = Vertx.vertx();

    @TempDir
    static Path folder;

    private String policy = "endSessions: true";

    @Override
    public void leaveUnfinished(SampleDatabase sample, Order order) {
        try (AdminSession admin = AdminSession.open(
                VERTX, order.database(), order.database().roles().snapshot(), Duration.ofSeconds(10))) {
            admin.close(new Command(order.snapshot(), order.fence()), admin.identify(), true);
        }
        assertThat(sample.open()).isFalse();
    }

    @Override
    public Provider provider() {
        return new CloneProvider(new AdminSessions(VERTX));
    }

    @Override
    public SampleDatabase sample(String name, String options) {
        return SampleDatabase.create(VERTX, EmbeddedInfrastructure.shared().postgres(), folder, name, false, options);
    }

    @Override
    public EnrolledDatabase enrolled(SampleDatabase sample, String marker) {
        try {
            Path file = folder.resolve(sample.name() + ".yaml");
            SampleDatabase marked = new SampleDatabase(sample.server(), sample.name(), marker);
            Files.writeString(file, "databases:\n" + marked.yaml(folder, "form: clone", policy));
            return Databases.read(file).find(sample.name()).orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Every row of every catalogue that belongs to the database alone, and of every relation that has rows. */
    @Override
    public List<String> everything(SampleDatabase sample, String database) {
        List<String> all = new ArrayList<>();
        try (Connection connection = sample.connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "set search_path = pg_catalog; set timezone = 'UTC'; set extra_float_digits = 1; set quote_all_identifiers = off;"
                            + " set datestyle = 'ISO'; set intervalstyle = 'postgres'; set bytea_output = 'hex'; set standard_conforming_strings = on");
            Map<String, String> relations = new LinkedHashMap<>();
            try (ResultSet rows = statement.executeQuery("""
                    select format('%I.%I', n.nspname, c.relname), c.relkind from pg_class c join pg_namespace n on n.oid = c.relnamespace
                     where c.relkind in ('r', 'm', 'S') and c.relpersistence <> 't' and not c.relisshared and (c.relkind <> 'm' or c.relispopulated)
                       and c.relname not in ('pg_statistic', 'pg_statistic_ext_data') and n.nspname !~ '^pg_(toast|temp)' order by 1""")) {
                while (rows.next()) relations.put(rows.getString(1), rows.getString(2));
            }
            for (String relation : relations.keySet()) {
                // vacuum may change these of the original at any time
                String row = relation.equals("pg_catalog.pg_class")
                        ? "(to_jsonb(t) - array['relpages', 'reltuples', 'relallvisible', 'relallfrozen', 'relfrozenxid', 'relminmxid'])::text"
                        : "S".equals(relations.get(relation))
                                ? "concat_ws(' ', last_value, log_cnt, is_called)"
                                : "textin(record_out(t.*))";
                try (ResultSet rows = statement.executeQuery("select count(*) || ' ' || md5(string_agg(" + row
                        + ", e'\\n' order by " + row + " collate \"C\")) from " + relation + " t")) {
                    rows.next();
                    all.add(relation + " " + rows.getString(1));
                }
            }
            return all;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void a_copy_writes_next_to_nothing_to_the_log() {
        SampleDatabase sample = sample("logged");
        sample.run("create table ballast as select n, repeat('x', 500) as text from generate_series(1, 40000) n");
        String before = sample.value("select pg_current_wal_lsn()");

        provider().take(new Order(enrolled(sample, sample.marker()), "one", 1));

        assertThat(Long.parseLong(
                        sample.value("select pg_wal_lsn_diff(pg_current_wal_lsn(), '" + before + "')::bigint")))
                .isLessThan(5_000_000)
                .isLessThan(Long.parseLong(sample.value("select pg_database_size('logged') / 4")));
    }

    @Test
    void what_a_schema_plants_for_whoever_logs_in_does_not_run_for_us() {
        SampleDatabase sample = sample("planted");
        sample.run("create table logins (who text)");
        sample.run("create function note_login() returns event_trigger language plpgsql security definer as"
                + " $$ begin insert into public.logins values (session_user); end $$");
        sample.run("create event trigger note_login on login execute function note_login()");
        sample.run("alter event trigger note_login enable always");
        Order order = new Order(enrolled(sample, sample.marker()), "one", 1);
        Taken taken = (Taken) provider().take(order);

        Provider.Restoration restoration = provider().restore(order, provider().manifest(order, taken), "one");

        assertThat(restoration).isInstanceOf(Provider.Restored.class);
        assertThat(sample.value(sample.name(), "select count(*) from logins where who like 'ripcord%'"))
                .isEqualTo("0");
    }

    @Test
    void rows_that_broke_a_foreign_key_before_are_counted_so_that_nobody_blames_the_rollback() {
        SampleDatabase sample = sample("orphaned");
        sample.run("set session_replication_role = replica; delete from customers where id = 7");
        Order order = new Order(enrolled(sample, sample.marker()), "one", 1);

        Manifest manifest = provider().manifest(order, (Taken) provider().take(order));

        assertThat(manifest.orphans())
                .containsExactly(new Manifest.Orphans("public.orders orders_customer_fkey", "public.customers", 10));
    }

    @Test
    void another_version_of_the_collation_is_refused_before_anybody_is_sent_away() throws SQLException {
        SampleDatabase sample = sample("collated");
        sample.run(
                "postgres",
                "update pg_database set datlocprovider = 'i', datlocale = 'en', datcollversion = '0.1' where datname = 'collated'");
        try (Connection application = sample.connect();
                Statement statement = application.createStatement()) {
            Provider.Take take = provider().take(new Order(enrolled(sample, sample.marker()), "one", 1));

            assertThat(take)
                    .isInstanceOfSatisfying(
                            Refusal.class,
                            refusal -> assertThat(refusal.reason() + refusal.next())
                                    .contains("0.1", "refresh collation version"));
            statement.execute("select 1");
        }
        assertThat(sample.made("snapshot")).isZero();
    }

    @Test
    void after_an_interruption_the_properties_are_those_that_the_copy_was_made_with() {
        SampleDatabase sample = sample("carriedon");
        sample.run("do $$ begin create role auditor; exception when duplicate_object then null; end $$");
        sample.run("grant connect, temporary on database carriedon to auditor with grant option");
        sample.run(
                "alter database carriedon set work_mem = '8MB'; alter database carriedon set search_path = \"$user\", public");
        sample.run("alter role auditor in database carriedon set work_mem = '9MB'");
        EnrolledDatabase enrolled = enrolled(sample, sample.marker());
        Taken first = (Taken) provider().take(new Order(enrolled, "one", 1));
        sample.run("alter database carriedon connection limit 5; revoke all on database carriedon from auditor");

        Taken again = found(new Order(enrolled, "one", 2));

        assertThat(again.properties()).containsEntry("connection limit", "-1").isEqualTo(first.properties());
        assertThat(steps(sample)).isEqualTo("closed, properties noted, opened");
    }

    @Test
    void what_was_never_noted_is_noted_before_the_live_database_is_opened() {
        SampleDatabase sample = sample("unnoted");
        EnrolledDatabase enrolled = enrolled(sample, sample.marker());
        Taken first = (Taken) provider().take(new Order(enrolled, "one", 1));
        sample.run(
                "ripcord_admin", "delete from ripcord.act where database_id = 'unnoted' and step = 'properties noted'");
        leaveUnfinished(sample, new Order(enrolled, "one", 2));

        Taken again = found(new Order(enrolled, "one", 3));

        assertThat(again.properties()).isEqualTo(first.properties());
        assertThat(steps(sample)).isEqualTo("closed, opened, closed, properties noted, opened");
    }

    private static String steps(SampleDatabase sample) {
        return sample.value(
                "ripcord_admin",
                "select string_agg(step, ', ' order by position) from ripcord.act where database_id = '" + sample.name()
                        + "' and command = 'one'");
    }

    @Test
    void sessions_are_ended_for_a_moment_where_the_policy_allows_it() throws SQLException {
        SampleDatabase sample = sample("busy");
        try (Connection application = sample.connect();
                Statement statement = application.createStatement()) {
            statement.execute("select 1");

            Provider.Take take = provider().take(new Order(enrolled(sample, sample.marker()), "busy", 1));

            assertThat(take)
                    .isInstanceOfSatisfying(
                            Taken.class,
                            taken -> assertThat(taken.pauseMillis()).isLessThanOrEqualTo(taken.millis()));
            assertThat(application.isValid(1)).isFalse();
        }
        assertThat(sample.open()).isTrue();
    }

    @Test
    void connected_sessions_are_left_alone_where_it_does_not() throws SQLException {
        SampleDatabase sample = sample("calm");
        policy = "endSessions: false";
        try (Connection application = sample.connect();
                Statement statement = application.createStatement()) {
            Provider.Take take = provider().take(new Order(enrolled(sample, sample.marker()), "calm", 1));

            assertThat(take)
                    .isInstanceOfSatisfying(
                            Refusal.class,
                            refusal -> assertThat(refusal.next()).contains("snapshot.endSessions: true"));
            statement.execute("select 1");
        }
        assertThat(sample.made("snapshot")).isZero();
        assertThat(sample.open()).isTrue();
    }
}
