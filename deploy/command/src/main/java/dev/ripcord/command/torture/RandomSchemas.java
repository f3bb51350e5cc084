package dev.ripcord.command.torture;

import dev.ripcord.command.sample.SampleStack;
import dev.ripcord.events.RollbackOutcomeEvent;
import dev.ripcord.events.SnapshotEvent;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A schema of chance with its rows, a migration that drops it all, and a rollback: everything is as it was. None of what
 * chance makes is a reason to refuse.
 */
final class RandomSchemas implements Trial {

    private static final String EMPTY = """
            do $$ declare each text; begin
                for each in select nspname from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema' loop
                    execute format('drop schema %I cascade', each);
                end loop;
                perform lo_unlink(oid) from pg_largeobject_metadata;
                create schema public authorization shop_owner;
            end $$""";

    private final Ground.Kind kind;
    private @Nullable Quiet random;

    RandomSchemas(Ground.Kind kind) {
        this.kind = kind;
    }

    @Override
    public String name() {
        return "random-schema-" + kind.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public Ground.Kind ground() {
        return kind;
    }

    @Override
    public int runs(boolean quick) {
        return quick ? 2 : 100;
    }

    @Override
    public void beforeServices(Ground ground, List<Run> runs) throws Exception {
        for (String role : RandomSchema.GRANTEES) {
            ground.execute(
                    "postgres",
                    "do $$ begin create role " + role + "; exception when duplicate_object then null; end $$");
        }
        random = new Quiet(ground, SampleStack.shop(ground.stack(), "random"));
        random.shop().createEmpty();
        ground.add(random.shop());
    }

    @Override
    public List<String> run(Ground ground, Run run) throws Exception {
        if (random == null) throw new IllegalStateException("not prepared");
        ground.execute(random.id(), EMPTY);
        make(random, RandomSchema.statements(run.random()));
        Content before = Content.of(ground, random.id());
        SnapshotEvent.Proven proven;
        try {
            proven = random.proven();
        } catch (Quiet.RefusedHere refused) {
            return List.of("refused, " + refused.getMessage());
        }
        ground.execute(random.id(), EMPTY);
        RollbackOutcomeEvent outcome = random.backAndCounted(proven.migration());
        List<String> violations = new ArrayList<>();
        if (!(outcome instanceof RollbackOutcomeEvent.Completed)) violations.add(outcome.toString());
        violations.addAll(before.differences(Content.of(ground, random.id())));
        random.shop().dropCopies();
        return violations;
    }

    private static void make(Quiet random, List<String> statements) throws SQLException {
        try (Connection connection = random.shop().asOwner();
                Statement statement = connection.createStatement()) {
            for (String each : statements) statement.execute(each);
        }
    }
}
