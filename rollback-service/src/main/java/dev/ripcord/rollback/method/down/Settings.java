package dev.ripcord.rollback.method.down;

import dev.ripcord.databases.EnrolledDatabase.Migrations;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a tool's usual names do not tell.
 *
 * @param table the version table, with or without a schema; null for the tool's usual one
 * @param changelog path of Liquibase's root changelog in the bundle; null where it is found by itself
 * @param alembic the program; null where there is none
 * @param alembicLimit how long the program may work
 */
public record Settings(
        @Nullable String table,
        @Nullable String changelog,
        @Nullable Path alembic,
        Duration alembicLimit) {

    /** Every tool's usual names, and no alembic. */
    public static final Settings USUAL = new Settings(null, null, null, Duration.ofSeconds(60));

    /** As {@code databases.yaml} says. */
    public static Settings of(Migrations migrations) {
        return new Settings(migrations.table(), migrations.changelog(), migrations.alembic(), USUAL.alembicLimit());
    }

    /** The same with an alembic program. */
    public Settings withAlembic(Path program) {
        return new Settings(table, changelog, program, alembicLimit);
    }
}
