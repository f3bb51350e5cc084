package dev.ripcord.rollback.method.down;

/** The migration tools whose own way back is known. */
public enum Tool {
    scripts,
    flyway,
    liquibase,
    alembic,
    drizzle
}
