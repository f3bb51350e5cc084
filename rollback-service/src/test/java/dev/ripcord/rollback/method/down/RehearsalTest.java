package dev.ripcord.rollback.method.down;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ripcord.databases.EnrolledDatabase.Tool;
import dev.ripcord.databases.RefusedException;
import dev.ripcord.rollback.method.down.Rehearsal.Report;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RehearsalTest {

    private static final Map<String, String> FILES = Map.of(
            "1_t.up.sql", "create table t (id int primary key);",
            "1_t.down.sql", "drop table t;",
            "2_i.up.sql", "alter table t add c text; create index i on t (c);",
            "2_i.down.sql", "drop index i; alter table t drop c;");

    private final Place place = new Place("down__shadow_rehearsal");

    @AfterEach
    void close() {
        place.close();
    }

    private Report rehearse(Map<String, String> files) {
        return rehearse(Tool.scripts, files);
    }

    private Report rehearse(Tool tool, Map<String, String> files) {
        return Rehearsal.run(
                place.enrolled("down"), place.session, Place.bundle(tool, files), Settings.USUAL, Limits.USUAL);
    }

    @Test
    void a_way_back_that_leads_back_is_clean_and_one_that_does_not_says_where() {
        assertThat(rehearse(FILES))
                .isEqualTo(new Report(false, List.of(), "there is no table schema_migrations with a column version"));
        place.sql("create table schema_migrations (version text primary key)");
        clean(rehearse(FILES), "1", "2");
        assertThat(rehearse(FILES)).isEqualTo(new Report(true, List.of(), "every migration is applied"));
        place.sql("drop table t; delete from schema_migrations");
        Map<String, String> leaving = new HashMap<>(FILES);
        leaving.put("1_t.down.sql", "alter table t rename to t_old;");
        flawed(rehearse(leaving), "1", migration -> {
            assertThat(migration.differences()).contains("table public.t_old: left behind");
            assertThat(migration.problem()).isNull();
            assertThat(migration.phases()).extracting(Rehearsal.Phase::name).containsExactly("up", "down");
        });
        place.sql("drop table t_old; delete from schema_migrations");
        leaving.put("1_t.down.sql", "drop table nothing;");
        flawed(
                rehearse(leaving),
                "1",
                migration ->
                        assertThat(migration.problem()).startsWith("down: ").contains("nothing"));
    }

    @Test
    void each_direction_says_how_long_it_took_and_who_would_have_waited() {
        place.sql("create table schema_migrations (version text primary key); create table t (id int primary key);"
                + " insert into schema_migrations values ('1')");
        Report report = rehearse(FILES);
        clean(report, "2");
        assertThat(report.migrations().getFirst().phases()).allSatisfy(phase -> {
            assertThat(phase.millis()).isNotNegative();
            assertThat(phase.says()).contains("whoever uses public.t waits");
        });
    }

    private static void clean(Report report, String... versions) {
        assertThat(report.migrations()).extracting(Rehearsal.Migration::version).containsExactly(versions);
        assertThat(report.migrations()).allSatisfy(each -> {
            assertThat(each.phases()).extracting(Rehearsal.Phase::name).containsExactly("up", "down", "up again");
            assertThat(each.differences()).isEmpty();
            assertThat(each.problem()).isNull();
        });
        assertThat(report.clean()).isTrue();
    }

    private static void flawed(Report report, String version, Consumer<Rehearsal.Migration> flaw) {
        assertThat(report.clean()).isFalse();
        assertThat(report.migrations().getLast()).satisfies(flaw);
        assertThat(report.migrations().getLast().version()).isEqualTo(version);
    }

    @Test
    void flyway_is_rehearsed_with_its_undo_scripts() {
        place.sql("""
                create table flyway_schema_history (installed_rank int primary key, version varchar(50), description varchar(200),
                    type varchar(20), script varchar(1000), checksum int, installed_by varchar(100),
                    installed_on timestamp default now(), execution_time int, success boolean)""");
        Map<String, String> files = new HashMap<>(Map.of(
                "V1__t.sql", "create table t (id int);",
                "U1__t.sql", "drop table t;",
                "V2__i.sql", "create index i on t (id);",
                "U2__i.sql", "drop index i;"));
        clean(rehearse(Tool.flyway, files), "1", "2");
        assertThat(VersionTable.read(place.session).getFirst().version()).isEqualTo("2");
        files.put("V3__u.sql", "create table u (id int);");
        files.put("U3__u.sql", "drop table u cascade; drop index i;");
        flawed(
                rehearse(Tool.flyway, files),
                "3",
                migration -> assertThat(migration.differences()).containsExactly("index public.i: missing"));
    }

    @Test
    void liquibase_is_rehearsed_with_its_rollbacks() {
        place.sql("""
                create table databasechangelog (id varchar(255) not null, author varchar(255) not null, filename varchar(255) not null,
                    dateexecuted timestamp not null, orderexecuted int not null, exectype varchar(10) not null, md5sum varchar(35),
                    description varchar(255), comments varchar(255), tag varchar(255), liquibase varchar(20),
                    contexts varchar(255), labels varchar(255), deployment_id varchar(10))""");
        String changes = """
                --liquibase formatted sql
                --changeset ann:t
                create table t (id int);
                --rollback drop table t;
                --changeset ann:i
                create index i on t (id);
                --rollback drop index i;
                """;
        clean(
                rehearse(Tool.liquibase, Map.of("changelog.sql", changes)),
                "changelog.sql::t::ann",
                "changelog.sql::i::ann");
        assertThat(rehearse(Tool.liquibase, Map.of("changelog.sql", changes)))
                .isEqualTo(new Report(true, List.of(), "every change set is applied"));
    }

    @Test
    void nothing_is_rehearsed_in_a_database_that_is_no_copy() {
        assertThatThrownBy(() -> Rehearsal.run(
                        place.enrolled("other"),
                        place.session,
                        Place.bundle(Tool.scripts, FILES),
                        Settings.USUAL,
                        Limits.USUAL))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("is not a copy of other");
    }
}
