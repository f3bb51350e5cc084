package dev.ripcord.rollback.method.down;

import dev.ripcord.databases.EnrolledDatabase.Tool;
import dev.ripcord.databases.PgSession;
import java.util.List;

/** A migration tool's own way down and up; both only read, and throw {@link Refusal} where there is no way. */
sealed interface MigrationTool permits ScriptFolder, Flyway, LiquibaseChangelog, Alembic, Drizzle {

    /** The versions in force, newest first. */
    List<String> applied(PgSession session, Bundle bundle);

    /** What undoing would do. */
    DownPlan down(PgSession session, Bundle bundle, Aim aim);

    /** What applying all that is not applied yet would do. */
    DownPlan up(PgSession session, Bundle bundle);

    static MigrationTool of(Tool tool, Settings settings) {
        return switch (tool) {
            case scripts -> new ScriptFolder(settings);
            case flyway -> new Flyway(settings);
            case liquibase -> new LiquibaseChangelog(settings);
            case alembic -> new Alembic(settings);
            case drizzle -> new Drizzle(settings);
        };
    }
}
