package dev.ripcord.databases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ripcord.events.Manifest;
import dev.ripcord.events.VerificationEvent.Finding;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Equal databases have equal manifests; any single change is seen. */
@ParameterizedClass
@ValueSource(ints = {18, 15})
class ManifestTest {

    private final ProtectedServer server;

    ManifestTest(int major) {
        server = ProtectedServer.ofMajor(major);
    }

    @Test
    void a_copy_has_the_manifest_of_its_original_whoever_reads_it() throws Exception {
        RichDatabase shop = RichDatabase.on(server);
        Manifest live = shop.manifest();
        assertThat(live.objects())
                .hasSizeGreaterThan(150)
                .extracting(Manifest.SchemaObject::name)
                .doesNotContainNull();
        assertThat(live.objects().stream().map(each -> each.kind() + " " + each.name()))
                .doesNotHaveDuplicates();
        server.shadow(shop.enrolled(), "a1");
        String copy = shop.enrolled().shadowName("a1");
        server.execute("postgres", "alter database " + copy + " with allow_connections true");
        for (EnrolledDatabase.Role role : List.of(shop.enrolled().roles().snapshot(), server.superuser())) {
            Manifest found = shop.manifest(copy, role);
            assertThat(RichDatabase.differences(live, found)).isEmpty();
            assertThat(found.schemaFingerprint()).isEqualTo(live.schemaFingerprint());
            assertThat(found.systemIdentifier()).isEqualTo(live.systemIdentifier());
        }
        assertThat(RichDatabase.differences(
                        live, shop.manifest(shop.name(), shop.enrolled().roles().rollback())))
                .isEmpty();
    }

    @Test
    void the_order_of_the_rows_and_the_settings_of_the_database_do_not_matter() throws Exception {
        RichDatabase shop = RichDatabase.on(server);
        Manifest before = shop.manifest();
        server.execute(
                shop.name(),
                "create table shop.sorted as select * from shop.refunds order by amount desc",
                "delete from shop.refunds",
                "insert into shop.refunds select * from shop.sorted",
                "drop table shop.sorted",
                "vacuum full shop.orders",
                "cluster shop.orders using by_expression",
                "alter table shop.orders cluster on orders_pkey");
        for (String setting : List.of(
                "timezone = 'Asia/Tokyo'",
                "datestyle = 'German'",
                "intervalstyle = 'iso_8601'",
                "extra_float_digits = 0",
                "bytea_output = 'escape'",
                "search_path = shop",
                "quote_all_identifiers = on",
                "lc_monetary = 'C.UTF-8'",
                "row_security = on")) {
            server.execute("postgres", "alter database " + shop.name() + " set " + setting);
        }
        assertThat(RichDatabase.differences(before, shop.manifest())).isEmpty();
    }

    @Test
    void read_in_a_transaction_it_holds_no_lock_of_an_index() throws Exception {
        RichDatabase shop = RichDatabase.on(server);
        try (PgSession verifier = server.session(shop.enrolled().roles().verifier(), shop.name())) {
            verifier.execute("begin isolation level repeatable read read only");
            Manifest held = ManifestReader.readHeld(verifier, Map.of());

            assertThat(
                            verifier.query(
                                    "select l.relation::regclass::text from pg_locks l join pg_class c on c.oid = l.relation"
                                            + " join pg_namespace n on n.oid = c.relnamespace"
                                            + " where l.pid = pg_backend_pid() and c.relkind in ('i', 'I') and n.nspname = 'shop'"))
                    .isEmpty();
            assertThat(RichDatabase.differences(shop.manifest(), held)).isEmpty();
        }
    }

    @Test
    void of_a_schema_with_too_many_objects_to_list_the_whole_is_compared() throws Exception {
        RichDatabase shop = RichDatabase.on(server);
        server.execute(
                shop.name(),
                "do $$ begin for i in 1..400 loop execute format('create table shop.tenant_%s (id int primary key, '"
                        + " || (select string_agg('c' || n || ' int', ',') from generate_series(1, 25) n) || ')', i);"
                        + " end loop; end $$");
        Manifest before = shop.manifest();
        assertThat(before.objects()).isEmpty();
        assertThat(RichDatabase.differences(before, shop.manifest())).isEmpty();
        server.execute(shop.name(), "alter table shop.tenant_7 alter c9 set default 1");
        Manifest after = shop.manifest();
        assertThat(ManifestComparison.all(before, after))
                .containsExactly(new Finding(
                        "schema",
                        "fingerprint " + before.schemaFingerprint(),
                        "fingerprint " + after.schemaFingerprint()));
    }

    @Test
    void every_single_change_is_seen_and_named() throws Exception {
        assertThat(unseen(RichDatabase.on(server), Changes.ALL)).isEmpty();
    }

    private List<String> unseen(RichDatabase shop, Map<String, String> changes) throws Exception {
        List<String> unseen = new ArrayList<>();
        try (PgSession verifier = server.session(shop.enrolled().roles().verifier(), shop.name());
                Connection superuser = server.connect(shop.name());
                Statement statement = superuser.createStatement()) {
            Manifest before = ManifestReader.read(verifier, Map.of());
            for (Map.Entry<String, String> change : changes.entrySet()) {
                statement.execute(change.getKey());
                Manifest after = ManifestReader.read(verifier, Map.of());
                List<String> subjects = ManifestComparison.all(before, after).stream()
                        .map(Finding::subject)
                        .toList();
                if (subjects.stream().noneMatch(subject -> subject.contains(change.getValue()))) {
                    unseen.add(change.getKey() + ": " + subjects);
                }
                before = after;
            }
        }
        return unseen;
    }

    /** PostgreSQL computes such a column when it is read, and takes a row for which that is impossible. */
    @Test
    void a_row_of_which_a_column_cannot_be_computed_keeps_nobody_from_a_manifest() throws Exception {
        assumeTrue(server.postgres().major() >= 18);
        RichDatabase shop = RichDatabase.on(server);
        server.execute(
                shop.name(),
                "create table shop.shares (id int primary key, parts int, each int generated always as (100 / parts) virtual)",
                "insert into shop.shares values (1, 5), (2, 0)",
                "create table shop.only_computed (one int generated always as (1) virtual)",
                "insert into shop.only_computed values (default), (default)");
        Manifest before = shop.manifest();
        assertThat(before.tables())
                .filteredOn(table -> table.name().matches("shop.(shares|only_computed)"))
                .extracting(Manifest.Table::rows)
                .containsExactly(2L, 2L);
        server.execute(shop.name(), "update shop.shares set parts = 0 where id = 1");
        assertThat(ManifestComparison.all(before, shop.manifest()))
                .extracting(Finding::subject)
                .containsExactly("shop.shares");
    }

    @Test
    void every_single_change_that_only_newer_servers_know_is_seen_and_named() throws Exception {
        assumeTrue(server.postgres().major() >= 18);
        RichDatabase shop = RichDatabase.on(server);
        assertThat(unseen(shop, Changes.SINCE_18)).isEmpty();
    }

    @Test
    void what_the_migration_tool_says_is_read_and_a_table_that_only_looks_like_its_own_is_not() throws Exception {
        EnrolledDatabase enrolled = server.shop();
        RichDatabase shop = new RichDatabase(server, enrolled);
        server.execute(shop.name(), "create table public.schema_migrations (note text)", "create schema app");
        assertThat(shop.manifest().migrationVersion()).isNull();
        server.execute(
                shop.name(),
                "create table app.schema_migrations (version bigint)",
                "insert into app.schema_migrations values (7), (41)");
        assertThat(shop.manifest().migrationVersion()).isEqualTo("schema_migrations 41");
        server.execute(
                shop.name(),
                "create table app.alembic_version (version_num text)",
                "insert into app.alembic_version values ('b'), ('a')");
        assertThat(shop.manifest().migrationVersion()).isEqualTo("alembic_version a,b");
        server.execute(
                shop.name(),
                "create table app.databasechangelog (id text, author text, filename text, orderexecuted int)",
                "insert into app.databasechangelog values ('x', 'ann', 'a.sql', 2), ('y', 'ann', 'a.sql', 1)");
        assertThat(shop.manifest().migrationVersion()).isEqualTo("databasechangelog a.sql::x::ann");
        server.execute(
                shop.name(),
                "create table app.flyway_schema_history (version text, success bool, installed_rank int)",
                "insert into app.flyway_schema_history values ('1.2', true, 1), ('1.3', false, 2)");
        assertThat(shop.manifest().migrationVersion()).isEqualTo("flyway_schema_history 1.2");
    }
}
