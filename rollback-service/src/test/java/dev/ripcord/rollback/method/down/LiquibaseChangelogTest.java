package dev.ripcord.rollback.method.down;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.ripcord.databases.EnrolledDatabase.Tool;
import dev.ripcord.rollback.method.down.DownPlan.Next;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import liquibase.Contexts;
import liquibase.Liquibase;
import liquibase.Scope;
import liquibase.UpdateSummaryOutputEnum;
import liquibase.database.DatabaseFactory;
import liquibase.database.jvm.JdbcConnection;
import liquibase.resource.DirectoryResourceAccessor;
import liquibase.ui.LoggerUIService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiquibaseChangelogTest {

    /** Held, because a logger that nobody holds forgets its level. */
    private static final Logger TALKATIVE = Logger.getLogger("liquibase");

    private static final String ROOT = "db/changelog/db.changelog-master.yaml";

    private static final Map<String, String> FILES = Map.of(
            ROOT,
            """
            databaseChangeLog:
              - include: {file: db/changelog/changes/001.xml}
              - include: {file: changes/002.sql, relativeToChangelogFile: true}
              - changeSet:
                  id: released
                  author: ann
                  changes:
                    - tagDatabase: {tag: v1}
              - includeAll: {path: later, relativeToChangelogFile: true}
            """,
            "db/changelog/changes/001.xml",
            """
            <databaseChangeLog xmlns="http://www.liquibase.org/xml/ns/dbchangelog"
                xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
                xsi:schemaLocation="http://www.liquibase.org/xml/ns/dbchangelog http://www.liquibase.org/xml/ns/dbchangelog/dbchangelog-latest.xsd">
              <property name="kind" value="numeric(10,2)"/>
              <changeSet id="items" author="ann">
                <createTable tableName="items"><column name="id" type="int"><constraints primaryKey="true"/></column></createTable>
                <addColumn tableName="items"><column name="price" type="${kind}"/></addColumn>
              </changeSet>
            </databaseChangeLog>
            """,
            "db/changelog/changes/002.sql",
            """
            --liquibase formatted sql
            --changeset ann:orders
            create table orders (item int references items);
            create function f() returns int language sql as 'select 1; select 2';
            --rollback drop function f();
            --rollback drop table orders;
            """,
            "db/changelog/later/003.yaml",
            """
            databaseChangeLog:
              - changeSet:
                  id: notes
                  author: 'o''hara'
                  changes:
                    - addColumn: {tableName: orders, columns: [{column: {name: note, type: text}}]}
              - changeSet:
                  id: there
                  author: ann
                  preConditions: [{onFail: MARK_RAN}, {not: [{tableExists: {tableName: orders}}]}]
                  changes:
                    - createTable: {tableName: orders, columns: [{column: {name: id, type: int}}]}
            """);

    private static final String ITEMS = "db/changelog/changes/001.xml::items::ann";
    private static final String ORDERS = "db/changelog/changes/002.sql::orders::ann";
    private static final String RELEASED = ROOT + "::released::ann";
    private static final String NOTES = "db/changelog/later/003.yaml::notes::o'hara";
    private static final String THERE = "db/changelog/later/003.yaml::there::ann";

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

    private Bundle migrated() {
        return migrated(FILES);
    }

    private Bundle migrated(Map<String, String> files) {
        try {
            for (Map.Entry<String, String> file : files.entrySet()) {
                Path path = folder.resolve(file.getKey());
                Files.createDirectories(path.getParent());
                Files.writeString(path, file.getValue());
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        update();
        // the bundle begins deeper than the project
        return BundleFolder.read(Tool.liquibase, folder.resolve("db/changelog"));
    }

    private void update() {
        try (var connection = DriverManager.getConnection(place.address(), Place.OWNER, Place.PASSWORD);
                var liquibase = new Liquibase(
                        ROOT,
                        new DirectoryResourceAccessor(folder),
                        DatabaseFactory.getInstance()
                                .findCorrectDatabaseImplementation(new JdbcConnection(connection)))) {
            liquibase.setShowSummaryOutput(UpdateSummaryOutputEnum.LOG);
            Scope.child(Scope.Attr.ui, new LoggerUIService(), () -> liquibase.update(new Contexts()));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
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

    private Bundle with(String path, String text) {
        Map<String, String> files = new HashMap<>();
        FILES.forEach((file, content) -> files.put(file.substring("db/changelog/".length()), content));
        files.put(path, text);
        return Place.bundle(Tool.liquibase, files);
    }

    @Test
    void one_several_a_tag_and_a_change_set_and_liquibase_applies_them_again() {
        Bundle bundle = migrated();
        var before = place.everything().getFirst();
        assertThat(down(bundle, new Aim.Last())).isEqualTo(new DownOutcome.Applied(List.of(THERE), NOTES));
        assertThat(place.read("select count(*) from orders")).containsExactly("0");
        assertThat(down(bundle, new Aim.To("v1"))).isEqualTo(new DownOutcome.Applied(List.of(NOTES), RELEASED));
        assertThat(down(bundle, new Aim.To("items")))
                .isEqualTo(new DownOutcome.Applied(List.of(RELEASED, ORDERS), ITEMS));
        assertThat(place.read("select id from databasechangelog")).containsExactly("items");
        update();
        assertThat(place.everything().getFirst()).isEqualTo(before);
        assertThat(down(bundle, new Aim.Count(5)))
                .isEqualTo(new DownOutcome.Applied(List.of(THERE, NOTES, RELEASED, ORDERS, ITEMS), ""));
        assertThat(plan(bundle, new Aim.Last())).isInstanceOf(DownPlan.Nothing.class);
        update();
        assertThat(place.everything().getFirst()).isEqualTo(before);
        assertThat(plan(bundle, new Aim.To("there"))).isInstanceOf(DownPlan.Nothing.class);
    }

    @Test
    void what_cannot_be_undone_is_refused() {
        Bundle bundle = migrated();
        var before = place.everything();
        refused(plan(bundle, new Aim.To("v2")), Next.correctRequest, "v2 is unknown", "there::ann, ");
        refused(plan(bundle, new Aim.Count(6)), Next.correctRequest, "only 5");
        String other =
                "databaseChangeLog:\n  - changeSet: {id: notes, author: 'o''hara', changes: [{dropTable: {tableName: orders}}]}\n";
        refused(
                plan(with("later/003.yaml", other), new Aim.To("v1")),
                Next.restore,
                "notes",
                "not the one that was applied");
        refused(
                plan(with("later/003.yaml", "databaseChangeLog:\n"), new Aim.To("v1")),
                Next.restore,
                "notes",
                "not in the bundle");
        refused(plan(with("changes/001.xml", "<databaseChangeLog"), new Aim.Last()), Next.restore, "cannot be read");
        assertThat(place.everything()).isEqualTo(before);
    }

    @Test
    void a_change_set_without_a_rollback_is_named() {
        Map<String, String> files = new HashMap<>(FILES);
        files.put(
                "db/changelog/changes/002.sql",
                "--liquibase formatted sql\n--changeset ann:orders\ncreate table orders (id int);\n");
        refused(plan(migrated(files), new Aim.To("items")), Next.restore, "002.sql::orders::ann has no rollback");
    }

    @Test
    void nothing_but_sql_from_the_bundle_is_run() {
        migrated();
        Map.of(
                        "executeCommand: {executable: id}", "executeCommand",
                        "customChange: {class: java.lang.Object}", "customChange",
                        "sqlFile: {path: /etc/passwd}", "/etc/passwd",
                        "sql: {sql: 'select ${user.home}'}", "${user.home}")
                .forEach((change, told) -> {
                    String text =
                            "databaseChangeLog:\n  - changeSet: {id: notes, author: 'o''hara', validCheckSum: 'ANY',"
                                    + " changes: [{" + change + "}], rollback: [{" + change + "}]}\n";
                    refused(plan(with("later/003.yaml", text), new Aim.To("v1")), Next.restore, told);
                });
        String entity =
                "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><databaseChangeLog>&e;</databaseChangeLog>";
        refused(plan(with("changes/001.xml", entity), new Aim.Last()), Next.restore, "<!DOCTYPE");
        String include = "databaseChangeLog:\n  - include: {file: ../../../../etc/changelog.yaml}\n";
        refused(plan(with("later/003.yaml", include), new Aim.Last()), Next.restore, "etc/changelog.yaml");
    }

    @Test
    void a_held_lock_is_reported_and_not_broken() {
        Bundle bundle = migrated();
        DownPlan plan = plan(bundle, new Aim.Last());
        place.sql("update databasechangeloglock set locked = true, lockedby = 'pod-7', lockgranted = now()");
        refused(plan(bundle, new Aim.Last()), Next.retry, "pod-7", "release-locks");
        assertThat(Down.apply(place.session, (DownPlan.Steps) plan, Limits.USUAL))
                .isEqualTo(new DownOutcome.Failed("Liquibase's lock was taken since the plan was made", ""));
        assertThat(place.read("select locked from databasechangeloglock")).containsExactly("true");
    }

    @Test
    void a_failure_in_the_middle_changes_nothing_and_neither_does_a_dry_run() {
        Bundle bundle = migrated();
        place.sql("create view needs as select item from orders");
        var before = place.everything();
        assertThat(down(bundle, new Aim.Count(5)))
                .asInstanceOf(type(DownOutcome.Failed.class))
                .satisfies(failed -> assertThat(failed.statement()).isEqualTo("drop table orders"));
        assertThat(Down.dryRun(place.session, (DownPlan.Steps) plan(bundle, new Aim.Count(3)), Limits.USUAL))
                .isInstanceOf(DownOutcome.Applied.class);
        assertThat(place.everything()).isEqualTo(before);
    }
}
