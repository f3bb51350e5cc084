package dev.ripcord.databases;

import io.vertx.sqlclient.Row;
import java.util.List;
import java.util.Optional;

/** The migration tools that are known by their own table in the database, in the order in which a manifest looks for them. */
public enum MigrationTool {
    FLYWAY(
            "flyway_schema_history",
            List.of("version", "success", "installed_rank"),
            // repeatable migrations have none, and run after the others
            "select version from %s where success and version is not null order by installed_rank desc limit 1"),
    LIQUIBASE(
            "databasechangelog",
            List.of("id", "author", "filename", "orderexecuted"),
            // an id is one only together with its author and its file
            "select concat(filename, '::', id, '::', author) from %s order by orderexecuted desc limit 1"),
    ALEMBIC(
            "alembic_version",
            List.of("version_num"),
            "select string_agg(version_num::text, ',' order by version_num) from %s"),
    DRIZZLE("__drizzle_migrations", List.of("hash", "id"), "select hash from %s order by id desc limit 1"),
    OTHERS("schema_migrations", List.of("version"), "select version from %s order by version desc limit 1");

    /** A table that has another shape is another's: asking it would fail, and end the caller's transaction. */
    private static final String TABLES = """
            select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
             where c.relkind = 'r' and c.relname = $1 and not exists (
                   select from unnest($2::text[]) w where not exists (
                          select from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attname = w))
             order by 1""";

    private final String table;
    private final List<String> columns;
    private final String version;

    MigrationTool(String table, List<String> columns, String version) {
        this.table = table;
        this.columns = columns;
        this.version = version;
    }

    /** The name of its table, without a schema. */
    public String table() {
        return table;
    }

    /** The columns by which its table is known; one that lacks some is another's. */
    public List<String> columns() {
        return columns;
    }

    /**
     * The query for the newest version that its table says, by which a manifest records it: one row with one column, or none.
     *
     * @param name of the table, qualified and quoted
     */
    public String newest(String name) {
        return version.formatted(name);
    }

    /** The first known tool's table and newest version, if there is one. */
    static Optional<String> version(PgSession session) {
        for (MigrationTool tool : values()) {
            List<Row> found = session.query(TABLES, tool.table, tool.columns.toArray(String[]::new));
            if (found.isEmpty()) continue;
            String asked = "select (" + tool.newest(found.getFirst().getString("name")) + ")::text";
            return Optional.of(
                    tool.table + " " + session.query(asked).getFirst().getString(0));
        }
        return Optional.empty();
    }
}
