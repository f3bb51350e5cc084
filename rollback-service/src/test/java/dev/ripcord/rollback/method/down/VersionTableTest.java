package dev.ripcord.rollback.method.down;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ripcord.databases.EnrolledDatabase.Tool;
import dev.ripcord.databases.ManifestReader;
import dev.ripcord.rollback.method.down.VersionRepair.Outcome;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class VersionTableTest {

    private static final String FLYWAY = """
            create table flyway_schema_history (installed_rank int primary key, version varchar(50), description varchar(200),
                type varchar(20), script varchar(1000), checksum int, installed_by varchar(100), installed_on timestamp default now(),
                execution_time int, success boolean);
            insert into flyway_schema_history (installed_rank, version, type, success)
                values (1, '1', 'SQL', true), (2, '2', 'SQL', true), (3, '3', 'SQL', true), (4, '3', 'DELETE', true);
            """;

    private static final String LIQUIBASE = """
            create table databasechangelog (id varchar(255), author varchar(255), filename varchar(255), dateexecuted timestamp,
                orderexecuted int, exectype varchar(10), md5sum varchar(35), tag varchar(255));
            insert into databasechangelog (id, author, filename, orderexecuted)
                values ('one', 'ann', 'a.sql', 1), ('two', 'ann', 'a.sql', 2), ('two', 'ann', 'b.sql', 3);
            """;

    private static final String DRIZZLE = """
            create schema drizzle;
            create table drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint);
            insert into drizzle.__drizzle_migrations (hash) values ('aa'), ('bb');
            """;

    private static final String SCRIPTS = """
            create table schema_migrations (version text primary key, name text not null, status text not null);
            insert into schema_migrations values ('001', 'a', 'completed'), ('002', 'b', 'completed'), ('003', 'c', 'rolled_back');
            """;

    private final Place place = new Place();

    @AfterEach
    void close() {
        place.close();
    }

    @Test
    void every_tool_that_is_there_is_read() {
        assertThat(VersionTable.read(place.session)).isEmpty();
        place.sql(FLYWAY + LIQUIBASE + DRIZZLE + SCRIPTS + "create table alembic_version (version_num text)");
        assertThat(VersionTable.read(place.session))
                .containsExactly(
                        new VersionTable(Tool.flyway, "public.flyway_schema_history", "2"),
                        new VersionTable(Tool.liquibase, "public.databasechangelog", "b.sql::two::ann"),
                        new VersionTable(Tool.alembic, "public.alembic_version", ""),
                        new VersionTable(Tool.drizzle, "drizzle.__drizzle_migrations", "bb"),
                        new VersionTable(Tool.scripts, "public.schema_migrations", "002"));
    }

    @Test
    void rows_that_came_after_the_recorded_version_are_removed_and_a_manifest_says_so() {
        for (Map.Entry<String, String> each : Map.of(
                        FLYWAY, "flyway_schema_history 2",
                        LIQUIBASE, "databasechangelog a.sql::two::ann",
                        DRIZZLE, "__drizzle_migrations aa",
                        SCRIPTS, "schema_migrations 001")
                .entrySet()) {
            try (Place other = new Place()) {
                other.sql(each.getKey());
                assertThat(VersionRepair.putRight(other.session, each.getValue()))
                        .isInstanceOf(Outcome.Repaired.class);
                assertThat(VersionRepair.putRight(other.session, each.getValue()))
                        .isEqualTo(new Outcome.AsRecorded());
                assertThat(other.manifestVersion()).isEqualTo(each.getValue());
            }
        }
    }

    @Test
    void repeatable_migrations_of_flyway_are_no_version_and_stay() {
        place.sql(FLYWAY);
        place.sql(
                "delete from flyway_schema_history where installed_rank > 2;"
                        + "insert into flyway_schema_history (installed_rank, version, type, success) values (3, null, 'SQL', true)");
        String recorded = place.manifestVersion();
        assertThat(recorded).isEqualTo("flyway_schema_history 2");
        place.sql("insert into flyway_schema_history (installed_rank, version, type, success)"
                + " values (4, '3', 'SQL', true), (5, null, 'SQL', true)");
        assertThat(VersionRepair.putRight(place.session, recorded))
                .isEqualTo(new Outcome.Repaired("public.flyway_schema_history", "3", "2"));
        assertThat(place.read("select installed_rank from flyway_schema_history order by 1"))
                .containsExactly("1", "2", "3", "5");
        assertThat(VersionRepair.putRight(place.session, "flyway_schema_history null"))
                .isInstanceOf(Outcome.NotPossible.class);
        assertThat(place.read("select count(*) from flyway_schema_history")).containsExactly("4");
    }

    @Test
    void a_version_that_is_not_there_is_not_made_up() {
        place.sql(FLYWAY + DRIZZLE);
        var before = place.everything();
        for (String recorded :
                List.of("flyway_schema_history 9", "__drizzle_migrations zz", "databasechangelog x", "other 1")) {
            assertThat(VersionRepair.putRight(place.session, recorded)).isInstanceOf(Outcome.NotPossible.class);
        }
        assertThat(VersionRepair.putRight(place.session, null)).isInstanceOf(Outcome.NotPossible.class);
        assertThat(place.everything()).isEqualTo(before);
        assertThat(ManifestReader.objects(place.session)).isNotEmpty();
    }

    @Test
    void of_several_tables_none_is_touched() {
        place.sql(SCRIPTS + "create schema auth; create table auth.schema_migrations (version text primary key);"
                + "insert into auth.schema_migrations values ('2020')");
        assertThat(place.manifestVersion()).isEqualTo("schema_migrations 2020");
        assertThat(VersionRepair.putRight(place.session, "schema_migrations 2020"))
                .isEqualTo(new Outcome.AsRecorded());
        assertThat(VersionRepair.putRight(place.session, "schema_migrations 001"))
                .isEqualTo(new Outcome.NotPossible(
                        "which one was recorded is not known: auth.schema_migrations, public.schema_migrations"));
        Bundle bundle = Place.bundle(Tool.scripts, Map.of());
        assertThat(Down.applied(place.session, bundle, Settings.USUAL)).containsExactly("002", "001");
        assertThat(Down.applied(
                        place.session,
                        bundle,
                        new Settings("auth.schema_migrations", null, null, java.time.Duration.ZERO)))
                .containsExactly("2020");
    }

    @Test
    void a_lost_version_of_a_script_folder_is_put_back() {
        place.sql("create table schema_migrations (version bigint primary key, dirty boolean not null)");
        assertThat(VersionRepair.putRight(place.session, "schema_migrations 7"))
                .isEqualTo(new Outcome.Repaired("public.schema_migrations", "", "7"));
        place.sql("update schema_migrations set version = 8, dirty = true");
        assertThat(VersionRepair.putRight(place.session, "schema_migrations 7"))
                .isEqualTo(new Outcome.Repaired("public.schema_migrations", "8", "7"));
        assertThat(place.read("select version || ' ' || dirty from schema_migrations"))
                .containsExactly("7 false");
    }

    @Test
    void drizzle_has_no_way_back_and_says_so() {
        place.sql(DRIZZLE);
        Bundle bundle = Place.bundle(Tool.drizzle, Map.of("0000_init.sql", "create table t (id int);"));
        assertThat(Down.plan(place.session, bundle, new Aim.Last(), Settings.USUAL))
                .isEqualTo(new DownPlan.Refused(
                        "Drizzle writes no down migrations; the newest applied one is bb", DownPlan.Next.restore));
        place.sql("delete from drizzle.__drizzle_migrations; alter schema drizzle rename to other;"
                + " alter table other.__drizzle_migrations rename to applied");
        assertThat(Down.plan(
                        place.session,
                        bundle,
                        new Aim.Last(),
                        new Settings("other.applied", null, null, java.time.Duration.ZERO)))
                .isInstanceOf(DownPlan.Nothing.class);
    }
}
