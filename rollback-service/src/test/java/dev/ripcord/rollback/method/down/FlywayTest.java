package dev.ripcord.rollback.method.down;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.ripcord.databases.EnrolledDatabase.Tool;
import dev.ripcord.rollback.method.down.DownPlan.Next;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.flywaydb.core.api.MigrationInfo;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlywayTest {

    private static final Map<String, String> FILES = Map.of(
            "V1__items.sql", "create table items (id int primary key);",
            "U1__items.sql", "drop table items;",
            "sql/V1_1__price.sql", "alter table items add price numeric;",
            "sql/U1_1__price.sql", "alter table items drop column price;",
            "V2__orders.sql", "create table orders (item int references items);",
            "U2__orders.sql", "drop table orders;");

    /** Held, because a logger that nobody holds forgets its level. */
    private static final Logger TALKATIVE = Logger.getLogger("org.flywaydb");

    @TempDir
    private Path folder;

    private final Place place = new Place();

    @BeforeAll
    static void quieten() {
        TALKATIVE.setLevel(Level.WARNING);
    }

    @AfterEach
    void close() {
        place.close();
    }

    private Bundle write(Map<String, String> files) {
        try {
            for (Map.Entry<String, String> file : files.entrySet()) {
                Path path = folder.resolve(file.getKey());
                Files.createDirectories(path.getParent());
                Files.writeString(path, file.getValue());
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return BundleFolder.read(Tool.flyway, folder);
    }

    private org.flywaydb.core.Flyway flyway() {
        return org.flywaydb.core.Flyway.configure()
                .dataSource(place.address(), Place.OWNER, Place.PASSWORD)
                .locations("filesystem:" + folder)
                .baselineOnMigrate(true)
                .load();
    }

    private Bundle migrated() {
        Bundle bundle = write(FILES);
        assertThat(flyway().migrate().migrationsExecuted).isEqualTo(3);
        return bundle;
    }

    private DownPlan plan(Bundle bundle, Aim aim) {
        return Down.plan(place.session, bundle, aim, Settings.USUAL);
    }

    private DownOutcome down(Bundle bundle, Aim aim) {
        DownPlan plan = plan(bundle, aim);
        assertThat(plan).isInstanceOf(DownPlan.Steps.class);
        return Down.apply(place.session, (DownPlan.Steps) plan, Limits.USUAL);
    }

    private void refused(DownPlan plan, Next next, String... parts) {
        assertThat(plan).asInstanceOf(type(DownPlan.Refused.class)).satisfies(refused -> {
            assertThat(refused.reason()).contains(parts);
            assertThat(refused.next()).isEqualTo(next);
        });
    }

    private List<String> pending() {
        return java.util.stream.Stream.of(flyway().info().pending())
                .map(MigrationInfo::getVersion)
                .map(String::valueOf)
                .toList();
    }

    @Test
    void flyway_itself_holds_what_was_undone_for_pending_and_applies_it_again() {
        Bundle bundle = migrated();
        var before = place.everything().getFirst();
        assertThat(down(bundle, new Aim.Last())).isEqualTo(new DownOutcome.Applied(List.of("2"), "1.1"));
        assertThat(pending()).containsExactly("2");
        assertThat(down(bundle, new Aim.To("1"))).isEqualTo(new DownOutcome.Applied(List.of("1.1"), "1"));
        assertThat(pending()).containsExactly("1.1", "2");
        assertThat(flyway().migrate().migrationsExecuted).isEqualTo(2);
        assertThat(place.everything().getFirst()).isEqualTo(before);
        assertThat(down(bundle, new Aim.Count(3))).isEqualTo(new DownOutcome.Applied(List.of("2", "1.1", "1"), ""));
        assertThat(plan(bundle, new Aim.Last())).isInstanceOf(DownPlan.Nothing.class);
        flyway().migrate();
        flyway().validate();
        assertThat(plan(bundle, new Aim.To("2.0"))).isInstanceOf(DownPlan.Nothing.class);
    }

    @Test
    void where_flyways_own_undo_was_used_the_row_is_that_of_the_undo() {
        Bundle bundle = migrated();
        place.sql("""
                insert into flyway_schema_history (installed_rank, version, description, type, script, installed_by, execution_time, success)
                values (4, '2', 'orders', 'UNDO_SQL', 'U2__orders.sql', 'x', 1, true),
                       (5, '2', 'orders', 'SQL', 'V2__orders.sql', 'x', 1, true)""");
        assertThat(down(bundle, new Aim.Count(2))).isEqualTo(new DownOutcome.Applied(List.of("2", "1.1"), "1"));
        assertThat(place.read("select concat_ws(' ', installed_rank, version, type, script, success)"
                        + " from flyway_schema_history where installed_rank > 5 order by installed_rank"))
                .containsExactly("6 2 UNDO_SQL U2__orders.sql t", "7 1.1 UNDO_SQL U1_1__price.sql t");
    }

    @Test
    void what_has_no_undo_is_refused() {
        Bundle bundle = migrated();
        var before = place.everything();
        refused(plan(bundle, new Aim.To("3")), Next.correctRequest, "3 is unknown", "2, 1.1, 1");
        refused(plan(bundle, new Aim.Count(4)), Next.correctRequest, "only 3");
        Map<String, String> files = new HashMap<>(FILES);
        files.remove("sql/U1_1__price.sql");
        refused(plan(Place.bundle(Tool.flyway, files), new Aim.Count(2)), Next.restore, "1.1 has no undo script");
        files.put("sql/U1_1__price.sql", "alter table ${schema}.items drop column price;");
        refused(plan(Place.bundle(Tool.flyway, files), new Aim.Count(2)), Next.restore, "${schema}");
        files.put("sql/U1_1__price.sql", "vacuum items;");
        refused(plan(Place.bundle(Tool.flyway, files), new Aim.Count(2)), Next.restore, "vacuum");
        files.put("sql/U1_1__price.sql", "select 1;");
        files.put("sql/U1_1__price.sql.conf", "executeInTransaction = false");
        refused(plan(Place.bundle(Tool.flyway, files), new Aim.Count(2)), Next.restore, "outside of a transaction");
        files.put("V2__orders.sql", "create table other (id int);");
        refused(
                plan(Place.bundle(Tool.flyway, files), new Aim.Last()),
                Next.restore,
                "is not the script that was applied");
        place.sql("update flyway_schema_history set success = false where version = '2'");
        refused(plan(bundle, new Aim.Last()), Next.restore, "failed half-way");
        place.sql("update flyway_schema_history set success = true where version = '2'");
        assertThat(place.everything()).isEqualTo(before);
    }

    @Test
    void a_failure_in_the_middle_changes_nothing_and_neither_does_a_dry_run() {
        migrated();
        var before = place.everything();
        Map<String, String> files = new HashMap<>(FILES);
        files.put("sql/U1_1__price.sql", "alter table items drop column cost;");
        assertThat(down(Place.bundle(Tool.flyway, files), new Aim.Count(3))).isInstanceOf(DownOutcome.Failed.class);
        DownPlan plan = plan(Place.bundle(Tool.flyway, FILES), new Aim.Count(3));
        assertThat(Down.dryRun(place.session, (DownPlan.Steps) plan, Limits.USUAL))
                .isInstanceOf(DownOutcome.Applied.class);
        assertThat(place.everything()).isEqualTo(before);
    }

    @Test
    void a_baseline_is_the_lowest_version_to_go_to() {
        place.sql("create table items (id int primary key)");
        Bundle bundle = write(FILES);
        assertThat(flyway().migrate().migrationsExecuted).isEqualTo(2);
        assertThat(down(bundle, new Aim.To("1"))).isEqualTo(new DownOutcome.Applied(List.of("2", "1.1"), ""));
        refused(plan(bundle, new Aim.To("1.1")), Next.correctRequest, "was never applied");
        assertThat(plan(bundle, new Aim.To("1"))).isInstanceOf(DownPlan.Nothing.class);
    }
}
