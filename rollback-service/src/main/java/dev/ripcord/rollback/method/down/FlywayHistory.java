package dev.ripcord.rollback.method.down;

import dev.ripcord.databases.PgSession;
import dev.ripcord.rollback.method.down.DownPlan.Entry;
import io.vertx.sqlclient.Row;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code flyway_schema_history} says.
 *
 * @param applied versioned migrations that are in force, in the order in which they were installed
 * @param baseline the version below which nothing can be undone, null where there is none
 * @param undoKnown whether an edition of Flyway with an undo command of its own wrote to it
 */
record FlywayHistory(
        StateTable table, List<Applied> applied, @Nullable String baseline, boolean undoKnown) {

    static final String TABLE = "flyway_schema_history";

    /** One row. */
    record Applied(int rank, String version, @Nullable Integer checksum) {}

    static FlywayHistory read(PgSession session, StateTable table) {
        List<Applied> applied = new ArrayList<>();
        String baseline = null;
        boolean undoKnown = false;
        for (Row row : session.query("select installed_rank, version, type, checksum, success from " + table.name()
                + " order by installed_rank")) {
            String version = row.getString("version");
            String type = row.getString("type");
            undoKnown |= type.startsWith("UNDO_");
            if (version == null) continue;
            if (!row.getBoolean("success")) {
                throw Refusal.restore("migration " + Shown.name(version)
                        + " failed half-way: its undo script undoes the whole, and nobody knows which part is there");
            }
            if (type.equals("DELETE") || type.startsWith("UNDO_")) {
                removeLast(applied, version);
            } else if (type.contains("BASELINE")) {
                baseline = version;
            } else if (!type.equals("SCHEMA")) {
                applied.add(new Applied(row.getInteger("installed_rank"), version, row.getInteger("checksum")));
            }
        }
        return new FlywayHistory(table, List.copyOf(applied), baseline, undoKnown);
    }

    /**
     * The row that says that a migration is undone. Flyway's open-source edition ends with an error at a type that it does
     * not know, and it does not know {@code UNDO_SQL}; {@code DELETE} is what its repair writes, and every edition then
     * holds the version for pending.
     */
    Entry undone(Applied migration, FlywayScripts.Script script) {
        String next = "insert into " + table.name() + " (installed_rank, version, description, type, script, checksum,"
                + " installed_by, installed_on, execution_time, success)"
                + " select (select max(installed_rank) + 1 from " + table.name() + "), version, ";
        String from = ", current_user, now(), 0, true from " + table.name() + " where installed_rank = $1";
        if (!undoKnown) return Entry.of(next + "description, 'DELETE', script, checksum" + from, migration.rank());
        return Entry.of(
                next + "$2::text, 'UNDO_SQL', $3::text, $4::integer" + from,
                migration.rank(),
                script.description(),
                script.file().name(),
                script.checksum());
    }

    /** The row that says that a migration is applied. */
    Entry applied(FlywayScripts.Script script) {
        return Entry.of(
                "insert into " + table.name() + " (installed_rank, version, description, type, script, checksum,"
                        + " installed_by, installed_on, execution_time, success)"
                        + " select coalesce(max(installed_rank), 0) + 1, $1::text, $2::text, 'SQL', $3::text, $4::integer,"
                        + " current_user, now(), 0, true from " + table.name(),
                script.version(),
                script.description(),
                script.file().name(),
                script.checksum());
    }

    private static void removeLast(List<Applied> applied, String version) {
        for (int i = applied.size() - 1; i >= 0; i--) {
            if (FlywayVersion.same(applied.get(i).version(), version)) {
                applied.remove(i);
                return;
            }
        }
    }
}
