package dev.ripcord.rollback.method.down;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.ripcord.databases.EnrolledDatabase.Tool;
import dev.ripcord.rollback.method.down.DownPlan.Next;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AlembicTest {

    private static final Map<String, String> FILES = Map.of(
            "versions/a1_items.py",
            revision(
                    "a1",
                    "None",
                    "op.create_table('items', sa.Column('id', sa.Integer, primary_key=True))",
                    "op.drop_table('items')"),
            "versions/b2_price.py",
            revision(
                    "b2",
                    "'a1'",
                    "op.add_column('items', sa.Column('price', sa.Numeric()))",
                    "op.drop_column('items', 'price')"),
            "versions/c3_note.py",
            revision(
                    "c3",
                    "\"b2\"",
                    "op.execute(\"alter table items add note text default '100%; -- no'\")",
                    "op.drop_column('items', 'note')"),
            "env.py",
            "raise Exception('never run')",
            "script.py.mako",
            "revision = ${repr(up_revision)}");

    @TempDir
    private Path folder;

    private final Place place = new Place();
    private final Bundle bundle = Place.bundle(Tool.alembic, FILES);
    private Settings settings = Settings.USUAL;

    private static String revision(String id, String below, String up, String down) {
        return "\"\"\"A revision\"\"\"\nfrom alembic import op\nimport sqlalchemy as sa\n\nrevision: str = '" + id
                + "'\ndown_revision = " + below
                + "\nbranch_labels = None\ndepends_on = None\n\n\ndef upgrade() -> None:\n    " + up
                + "\n\n\ndef downgrade() -> None:\n    " + down + "\n";
    }

    @BeforeEach
    void findAlembic() {
        Path program = Stream.of("/usr/bin/alembic", "/usr/local/bin/alembic")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
        if (program == null) {
            String loud = "NOT TESTED: there is no alembic here, so nothing is known about going back with it";
            if ("true".equals(System.getenv("CI"))) fail(loud);
            System.err.println(loud);
            Assumptions.abort(loud);
        }
        settings = settings.withAlembic(program);
        place.sql("create table alembic_version (version_num varchar(32) not null primary key)");
    }

    @AfterEach
    void close() {
        place.close();
    }

    private void migrated() {
        DownPlan plan = Down.planUp(place.session, bundle, settings);
        assertThat(plan).isInstanceOf(DownPlan.Steps.class);
        assertThat(Down.apply(place.session, (DownPlan.Steps) plan, Limits.USUAL))
                .isInstanceOf(DownOutcome.Applied.class);
    }

    private DownPlan plan(Bundle from, Aim aim) {
        return Down.plan(place.session, from, aim, settings);
    }

    private DownOutcome down(Bundle from, Aim aim) {
        DownPlan plan = plan(from, aim);
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
        Map<String, String> files = new HashMap<>(FILES);
        files.put(path, text);
        return Place.bundle(Tool.alembic, files);
    }

    private List<String> version() {
        return place.read("select version_num from alembic_version");
    }

    @Test
    void one_several_to_a_revision_and_to_the_base() {
        migrated();
        assertThat(version()).containsExactly("c3");
        assertThat(down(bundle, new Aim.Last())).isEqualTo(new DownOutcome.Applied(List.of("c3"), "b2"));
        assertThat(version()).containsExactly("b2");
        assertThat(down(bundle, new Aim.To("a1"))).isEqualTo(new DownOutcome.Applied(List.of("b2"), "a1"));
        migrated();
        var before = place.everything();
        assertThat(Down.dryRun(place.session, (DownPlan.Steps) plan(bundle, new Aim.Count(3)), Limits.USUAL))
                .isEqualTo(new DownOutcome.Applied(List.of("c3", "b2", "a1"), ""));
        assertThat(place.everything()).isEqualTo(before);
        assertThat(down(bundle, new Aim.To("base"))).isEqualTo(new DownOutcome.Applied(List.of("c3", "b2", "a1"), ""));
        assertThat(version()).isEmpty();
        assertThat(place.read(
                        "select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace"))
                .containsExactly("alembic_version");
        assertThat(plan(bundle, new Aim.Last())).isInstanceOf(DownPlan.Nothing.class);
        assertThat(plan(bundle, new Aim.To("base"))).isInstanceOf(DownPlan.Nothing.class);
    }

    @Test
    void what_cannot_be_undone_is_refused() {
        migrated();
        var before = place.everything();
        assertThat(plan(bundle, new Aim.To("c3"))).isInstanceOf(DownPlan.Nothing.class);
        refused(plan(bundle, new Aim.To("d4")), Next.correctRequest, "d4 is unknown", "c3, b2, a1");
        refused(plan(bundle, new Aim.To("--help")), Next.correctRequest, "is unknown");
        refused(plan(bundle, new Aim.Count(4)), Next.correctRequest, "only 3");
        String up = "op.add_column('items', sa.Column('price', sa.Numeric()))";
        for (Map.Entry<String, String> each : Map.of(
                        "raise NotImplementedError('one way')", "one way",
                        "pass", "no statement",
                        "op.execute('commit')", "transaction of its own",
                        "op.get_bind().execute(sa.text('select 1')).fetchall()", "alembic failed")
                .entrySet()) {
            Bundle other = with("versions/b2_price.py", revision("b2", "'a1'", up, each.getKey()));
            refused(plan(other, new Aim.Count(2)), Next.restore, each.getValue());
        }
        Map<String, String> files = new HashMap<>(FILES);
        files.put("versions/b2_price.py", revision("b2", "('a1', 'x9')", up, "pass"));
        files.put("versions/x9.py", revision("x9", "None", "pass", "pass"));
        Bundle merged = Place.bundle(Tool.alembic, files);
        refused(plan(merged, new Aim.To("a1")), Next.restore, "branches at revision b2");
        assertThat(plan(merged, new Aim.Last())).isInstanceOf(DownPlan.Steps.class);
        refused(plan(with("versions/x.py", revision("--x", "None", up, "pass")), new Aim.Last()), Next.restore, "--x");
        refused(
                Down.plan(place.session, bundle, new Aim.Last(), Settings.USUAL),
                Next.restore,
                "no alembic program is configured");
        assertThat(place.everything()).isEqualTo(before);
    }

    @Test
    void a_failure_in_the_middle_changes_nothing() {
        migrated();
        var before = place.everything();
        Bundle broken = with("versions/b2_price.py", revision("b2", "'a1'", "pass", "op.drop_column('items', 'cost')"));
        assertThat(down(broken, new Aim.Count(3)))
                .asInstanceOf(type(DownOutcome.Failed.class))
                .satisfies(failed -> assertThat(failed.statement()).contains("DROP COLUMN cost"));
        assertThat(place.everything()).isEqualTo(before);
    }

    @Test
    void the_revisions_see_nothing_of_ours_and_have_a_limit() throws IOException {
        migrated();
        Bundle curious = with(
                "versions/c3_note.py",
                revision(
                        "c3", "'b2'", "pass", "import os; op.execute('select ' + repr(' '.join(sorted(os.environ))))"));
        DownPlan plan = plan(curious, new Aim.Last());
        assertThat(((DownPlan.Steps) plan).steps().getFirst().sql())
                .isEqualTo("select 'HOME LANG PATH PYTHONDONTWRITEBYTECODE RIPCORD_OUTPUT RIPCORD_VERSION_TABLE';");
        Path slow = Files.writeString(folder.resolve("slow"), "#!/bin/sh\nsleep 60\n");
        Files.setPosixFilePermissions(slow, PosixFilePermissions.fromString("rwx------"));
        settings = new Settings(null, null, slow, Duration.ofMillis(300));
        refused(plan(bundle, new Aim.Last()), Next.restore, "did not end within");
    }

    @Test
    void a_missing_or_wrong_version_is_set_to_the_recorded_one_and_never_to_the_newest() {
        migrated();
        place.sql("drop table alembic_version");
        refused(plan(bundle, new Aim.Last()), Next.stamp, "there is no table alembic_version");
        assertThat(VersionRepair.putRight(place.session, "alembic_version b2"))
                .isEqualTo(new VersionRepair.Outcome.Repaired("public.alembic_version", "missing", "b2"));
        assertThat(version()).containsExactly("b2");
        assertThat(VersionRepair.putRight(place.session, "alembic_version a1"))
                .isEqualTo(new VersionRepair.Outcome.Repaired("public.alembic_version", "b2", "a1"));
        assertThat(VersionRepair.putRight(place.session, "alembic_version a1"))
                .isEqualTo(new VersionRepair.Outcome.AsRecorded());
        assertThat(VersionRepair.putRight(place.session, "alembic_version null"))
                .isInstanceOf(VersionRepair.Outcome.Repaired.class);
        assertThat(version()).isEmpty();
        place.sql("insert into alembic_version values ('z9')");
        refused(plan(bundle, new Aim.Last()), Next.restore, "z9 is not in the bundle", "a1, b2, c3");
        place.sql("insert into alembic_version values ('y8')");
        refused(plan(bundle, new Aim.Last()), Next.restore, "several revisions");
    }
}
