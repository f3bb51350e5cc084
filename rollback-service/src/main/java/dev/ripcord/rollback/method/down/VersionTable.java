package dev.ripcord.rollback.method.down;

import dev.ripcord.databases.EnrolledDatabase.Tool;
import dev.ripcord.databases.MigrationTool;
import dev.ripcord.databases.PgSession;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a migration tool's own table says.
 *
 * @param table schema-qualified and quoted
 * @param version the newest version in force, empty for none; several of Alembic's are joined by commas
 */
public record VersionTable(Tool tool, String table, String version) {

    private static final String UNDONE = "(later.type = 'DELETE' or later.type like 'UNDO%')";

    /** Every tool's table that is there, the best known tools first: an application may have used several. */
    public static List<VersionTable> read(PgSession session) {
        List<VersionTable> found = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            for (StateTable table : StateTable.all(session, kind.relation, kind.columns)) {
                var rows = session.query("select (" + kind.inForce(table) + ")::text as version");
                String version = rows.getFirst().getString("version");
                found.add(new VersionTable(kind.tool, table.name(), version == null ? "" : version));
            }
        }
        return List.copyOf(found);
    }

    /** Whether it is the one that {@code databases.yaml} means, with or without a schema. */
    boolean isMeantBy(@Nullable String configured) {
        if (configured == null) return true;
        String name = configured.contains(".") ? table : table.substring(table.indexOf('.') + 1);
        return name.equals(configured);
    }

    /** Whether a version was undone once: what a manifest says of it may be the row that did it. */
    boolean wasUndone(PgSession session, String of) {
        return tool == Tool.flyway
                && !session.query("select from " + table + " later where version = $1 and " + UNDONE + " limit 1", of)
                        .isEmpty();
    }

    /**
     * What a manifest recorded of a tool.
     *
     * @param recorded a manifest's migration version: the table's name and what it said
     * @return empty where it recorded nothing, or another tool's; of no characters where nothing was applied
     */
    static Optional<String> recorded(@Nullable String recorded, Tool tool) {
        if (recorded == null) return Optional.empty();
        String[] words = recorded.split(" ", 2);
        if (Stream.of(Kind.values()).noneMatch(kind -> kind.tool == tool && kind.relation.equals(words[0]))) {
            return Optional.empty();
        }
        return Optional.of(words.length < 2 || words[1].equals("null") ? "" : words[1]);
    }

    /** The tools that are known, in the order in which a manifest looks for them. */
    enum Kind {
        FLYWAY(Tool.flyway, MigrationTool.FLYWAY),
        LIQUIBASE(Tool.liquibase, MigrationTool.LIQUIBASE),
        ALEMBIC(Tool.alembic, MigrationTool.ALEMBIC),
        DRIZZLE(Tool.drizzle, MigrationTool.DRIZZLE),
        SCRIPTS(Tool.scripts, MigrationTool.OTHERS);

        final Tool tool;
        final String relation;
        final String[] columns;
        private final MigrationTool known;

        Kind(Tool tool, MigrationTool known) {
            this.tool = tool;
            this.known = known;
            this.relation = known.table();
            this.columns = known.columns().toArray(String[]::new);
        }

        /** The query by which a manifest records the version. */
        String newest(StateTable table) {
            return known.newest(table.name());
        }

        /** The same without what was undone since. */
        String inForce(StateTable table) {
            return switch (this) {
                case LIQUIBASE, ALEMBIC, DRIZZLE -> newest(table);
                case FLYWAY ->
                    table.has("type")
                            ? "select version from " + table.name() + " h where success and version is not null"
                                    + " and type not in ('DELETE', 'SCHEMA') and type not like 'UNDO%'"
                                    + " and not exists (select from " + table.name()
                                    + " later where later.version = h.version"
                                    + " and later.installed_rank > h.installed_rank and " + UNDONE + ")"
                                    + " order by installed_rank desc limit 1"
                            : newest(table);
                case SCRIPTS ->
                    table.has("status")
                            ? "select version from " + table.name()
                                    + " where status is null or lower(status::text) in ('completed', 'applied', 'success', 'done')"
                                    + " order by version desc limit 1"
                            : newest(table);
            };
        }
    }
}
