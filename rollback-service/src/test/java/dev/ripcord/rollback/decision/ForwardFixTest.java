package dev.ripcord.rollback.decision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ripcord.databases.EnrolledDatabase.Role;
import dev.ripcord.databases.EnrolledDatabase.Server;
import dev.ripcord.databases.PgSession;
import dev.ripcord.databases.Secret;
import dev.ripcord.embedded.EmbeddedInfrastructure;
import dev.ripcord.rollback.decision.Change.Table;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ForwardFixTest {

    private static final Vertx VERTX = Vertx.vertx();
    private static final Table ORDERS = new Table("mend\"ing; drop", "o'r\"ders\n--");
    private static final String NAME = ORDERS.quoted();
    private static final String COLUMN = "no\"te), drop";

    @TempDir
    private static Path folder;

    private static PgSession session;

    @BeforeAll
    static void connect() throws IOException {
        var postgres = EmbeddedInfrastructure.shared().postgres();
        Server server = new Server(postgres.host(), postgres.port(), "", null, "", null, null);
        Path password = Files.writeString(folder.resolve("password"), postgres.password());
        session = PgSession.open(
                VERTX,
                server,
                new Role(postgres.superuser(), new Secret(null, password)),
                "postgres",
                Duration.ofSeconds(30));
        session.execute("drop schema if exists " + Change.quoted(ORDERS.schema()) + " cascade");
        session.execute("create schema " + Change.quoted(ORDERS.schema()));
    }

    @AfterAll
    static void close() {
        session.execute("drop schema " + Change.quoted(ORDERS.schema()) + " cascade");
        session.close();
    }

    @Test
    void what_is_suggested_mends_a_database_with_hostile_names() {
        make();
        String note = Change.quoted(COLUMN);
        String index = one("select pg_get_indexdef(indexrelid) from pg_index where not indisprimary and indrelid = $1");
        String check = one("select pg_get_constraintdef(oid) from pg_constraint where contype = 'c' and conrelid = $1");
        String before = shape();
        session.execute("drop policy \"p\"\"1\" on " + NAME);
        session.execute("create policy \"p\"\"1\" on " + NAME + " using (true)");
        session.execute("alter table " + NAME + " drop constraint \"c;\", drop column " + note
                + ", alter column code type varchar(3), alter column code drop default, alter column code set not null,"
                + " disable row level security, add constraint \"n\"\"ew\" check (id < 100)");
        session.execute("alter table " + NAME + " rename column gone to \"here\"");
        assertThat(shape()).isNotEqualTo(before);
        for (ForwardFix fix : ForwardFix.of(List.of(
                new Change.RenamedColumn(ORDERS, "gone", "here"),
                new Change.AddedConstraint(ORDERS, "n\"ew"),
                new Change.DroppedColumn(ORDERS, COLUMN, "numeric(10,2)", "round(1.5, 1)", false),
                new Change.AddedNotNull(ORDERS, "code"),
                new Change.ChangedType(ORDERS, "code", "character varying(40)"),
                new Change.ChangedDefault(ORDERS, "code", "'a;'::character varying"),
                new Change.DroppedConstraint(ORDERS, "c;", check),
                new Change.DroppedIndex(ORDERS, "i\"x", index),
                new Change.ChangedPolicy(ORDERS, "p\"1", policy()),
                new Change.DisabledRowSecurity(ORDERS)))) {
            assertThat(fix.sql()).startsWith("-- A suggestion");
            assertThat(fix.what()).doesNotContain("\n");
            session.execute(String.valueOf(fix.sql()));
        }
        assertThat(shape()).isEqualTo(before);
        assertThat(session.query("select " + note + " as value from " + NAME)
                        .getFirst()
                        .getValue("value"))
                .isNull();
    }

    @Test
    void a_column_that_was_computed_is_computed_again() {
        Table table = new Table("public", "com\"puted");
        session.execute(
                "create table " + table.quoted()
                        + " (id int, note text, \"s\"\"1\" int generated always as (id * 2) stored, v int generated always as (id + 3) virtual)");
        session.execute("insert into " + table.quoted() + " (id) values (5)");
        session.execute(
                "alter table " + table.quoted() + " drop column \"s\"\"1\", alter column v set expression as (id * 9)");
        List<ForwardFix> fixes = ForwardFix.of(List.of(
                new Change.DroppedGenerated(table, "s\"1", "integer", "generated always as ((id * 2)) stored"),
                new Change.ChangedGeneration(table, "v", "integer", "generated always as ((id + 3)) virtual")));
        for (ForwardFix fix : fixes) session.execute(String.valueOf(fix.sql()));
        assertThat(session.query("select \"s\"\"1\" || ' ' || v as value from " + table.quoted())
                        .getFirst()
                        .getString("value"))
                .isEqualTo("10 8");
        assertThat(ForwardFix.of(List.of(new Change.ChangedGeneration(table, "note", "text", null)))
                        .getFirst()
                        .sql())
                .isNull();
    }

    @Test
    void a_renamed_table_gets_its_old_name_back() {
        Table before = new Table(ORDERS.schema(), "bills");
        Table now = new Table(ORDERS.schema(), "in\"voices");
        session.execute("create table " + now.quoted() + " (id int)");
        session.execute(String.valueOf(ForwardFix.of(List.of(new Change.RenamedTable(now, before.name())))
                .getFirst()
                .sql()));
        assertThat(session.query("select * from " + before.quoted())).isEmpty();
    }

    @Test
    void a_dropped_table_is_no_matter_of_a_statement() {
        ForwardFix fix = ForwardFix.of(List.of(new Change.DroppedTable(ORDERS))).getFirst();
        assertThat(fix.sql()).isNull();
        assertThat(fix.caution()).contains("partial");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "int; drop table x",
                "; int",
                "int -- ",
                "int /* ",
                "int, drop column id",
                "int'",
                "int)",
                "(int",
                "int], drop column id, add column y int[",
                "int\u0000"
            })
    void a_type_that_is_more_than_a_type_is_not_put_into_a_statement(String type) {
        assertThat(ForwardFix.of(List.of(
                        new Change.DroppedColumn(ORDERS, "x", type, null, false),
                        new Change.DroppedColumn(ORDERS, "x", "int", type, false),
                        new Change.DroppedGenerated(ORDERS, "x", type, "stored"),
                        new Change.ChangedGeneration(ORDERS, "x", type, "stored"),
                        new Change.ChangedType(ORDERS, "x", type),
                        new Change.ChangedDefault(ORDERS, "x", type),
                        new Change.DroppedConstraint(ORDERS, "x", type),
                        new Change.DroppedIndex(ORDERS, "x", "CREATE INDEX " + type + "; drop table y"),
                        new Change.ChangedPolicy(ORDERS, "x", "drop policy " + type))))
                .allSatisfy(fix -> assertThat(fix.sql()).isNull());
    }

    @Test
    void the_answer_to_a_broken_feature_has_the_statements_and_the_hint() {
        Facts facts = TableRow.all().stream()
                .filter(row -> row.rule().equals("feature-broken"))
                .findFirst()
                .orElseThrow()
                .facts();
        Decision decision = Policy.shipped()
                .decide(
                        facts,
                        List.of(new Change.DroppedColumn(new Table("public", "orders"), "note", "text", null, true)));
        assertThat(decision).isInstanceOfSatisfying(Decision.FixForward.class, forward -> {
            assertThat(forward.suggestions()).hasSize(2);
            assertThat(forward.suggestions().getFirst().sql())
                    .contains("alter table \"public\".\"orders\"\n  add column \"note\" text;");
            assertThat(forward.suggestions().getFirst().caution()).contains("took no nulls before");
        });
    }

    private static void make() {
        session.execute("create table " + NAME + " (id int primary key, code varchar(40) default 'a;', gone text, "
                + Change.quoted(COLUMN) + " numeric(10,2) default round(1.5, 1))");
        session.execute("insert into " + NAME + " values (1)");
        session.execute("create unique index \"i\"\"x\" on " + NAME + " (" + Change.quoted(COLUMN) + ")");
        session.execute("alter table " + NAME + " add constraint \"c;\" check (" + Change.quoted(COLUMN)
                + " > 0 or code <> 'b;'), enable row level security");
        session.execute(policy());
    }

    private static String policy() {
        return "create policy \"p\"\"1\" on " + NAME + " using (id = 1)";
    }

    private static String one(String sql) {
        return session.query(
                        sql.replace("$1", "(select oid from pg_class where relname = 'o''r\"ders' || chr(10) || '--')"))
                .getFirst()
                .getString(0);
    }

    /** Columns, constraints, indexes and policies in one text. */
    private static String shape() {
        List<Row> rows = session.query("""
                with t as (select oid, relrowsecurity from pg_class where relname = 'o''r"ders' || chr(10) || '--')
                select 'c ' || attname || ' ' || format_type(atttypid, atttypmod) || ' ' || attnotnull || ' '
                         || coalesce(pg_get_expr(adbin, adrelid), '') as line
                  from t join pg_attribute a on attrelid = t.oid left join pg_attrdef d on adrelid = t.oid and adnum = attnum
                 where attnum > 0 and not attisdropped
                union all select 'k ' || conname || ' ' || pg_get_constraintdef(c.oid) from t join pg_constraint c on conrelid = t.oid
                union all select 'i ' || pg_get_indexdef(indexrelid) from t join pg_index on indrelid = t.oid
                union all select 'p ' || polname || ' ' || pg_get_expr(polqual, polrelid) from t join pg_policy on polrelid = t.oid
                union all select 'r ' || relrowsecurity from t
                order by 1""");
        return String.join("\n", rows.stream().map(row -> row.getString("line")).toList());
    }
}
