package dev.ripcord.rollback.method.down;

import dev.ripcord.databases.PgSession;
import dev.ripcord.rollback.method.down.DownPlan.Entry;
import dev.ripcord.rollback.method.down.ScriptFiles.Migration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is written to {@code schema_migrations} and {@code migration_history}, by the columns that they have. */
record ScriptEntries(StateTable table, Optional<StateTable> history) {

    /**
     * After a down script.
     *
     * @param below the version that is now the newest, empty for none
     */
    List<Entry> undone(String version, String below) {
        List<Entry> entries = new ArrayList<>();
        if (table.has("status")) {
            String when = table.has("rolled_back_at") ? ", rolled_back_at = now()" : "";
            entries.add(Entry.of(
                    "update " + table.name() + " set status = 'rolled_back'" + when + " where version::text = $1",
                    version));
        } else {
            entries.add(Entry.of("delete from " + table.name() + " where version::text = $1", version));
            if (table.has("dirty")) {
                entries.set(0, Entry.of("delete from " + table.name()));
                if (!below.isEmpty()) entries.add(insert(table, Map.of("version", below, "dirty", "false")));
            }
        }
        history.ifPresent(each -> entries.add(entry(each, version, "rollback")));
        return entries;
    }

    /** What the history says of a version whose effect is gone by other means than its down script. */
    Optional<Entry> toldAsUndone(String version) {
        return history.map(each -> entry(each, version, "rollback"));
    }

    /** The table of what was done to the versions, beside that of the versions. */
    static Optional<StateTable> history(PgSession session, StateTable table) {
        return StateTable.all(session, "migration_history", "version").stream()
                .filter(each -> each.schema().equals(table.schema()))
                .findFirst();
    }

    /** A version that must be there, with what can be known of it. */
    Entry present(String version) {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("version", version);
        values.put("dirty", "false");
        values.put("name", version);
        values.put("status", "completed");
        Entry insert = insert(table, values);
        String missing = " where not exists (select from " + table.name() + " where version::text = $1::text)";
        return new Entry(
                insert.sql().replace(") values (", ") select ").replaceFirst("\\)$", "") + missing,
                insert.parameters());
    }

    /** After an up script. */
    List<Entry> applied(Migration migration) {
        String version = migration.version();
        List<Entry> entries = new ArrayList<>();
        if (table.has("dirty")) entries.add(Entry.of("delete from " + table.name()));
        else entries.add(Entry.of("delete from " + table.name() + " where version::text = $1", version));
        Map<String, String> values = new LinkedHashMap<>();
        values.put("version", version);
        values.put("dirty", "false");
        values.put("name", migration.name());
        values.put("status", "completed");
        values.put("applied_at", "now");
        entries.add(insert(table, values));
        history.ifPresent(each -> entries.add(entry(each, version, "migrate")));
        return entries;
    }

    private static Entry entry(StateTable history, String version, String operation) {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("version", version);
        values.put("operation", operation);
        values.put("status", "completed");
        values.put("executed_by", "ripcord");
        values.put("executed_at", "now");
        return insert(history, values);
    }

    /** Of the values those whose column is there, each in its column's own type. */
    private static Entry insert(StateTable into, Map<String, String> values) {
        List<String> columns = values.keySet().stream().filter(into::has).toList();
        List<String> parameters = new ArrayList<>();
        for (String column : columns) parameters.add(into.parameter(parameters.size() + 1, column));
        return new Entry(
                "insert into " + into.name() + " (" + String.join(", ", columns) + ") values ("
                        + String.join(", ", parameters) + ")",
                columns.stream().map(values::get).map(Object.class::cast).toList());
    }
}
