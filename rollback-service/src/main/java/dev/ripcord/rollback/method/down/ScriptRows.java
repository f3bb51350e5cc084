package dev.ripcord.rollback.method.down;

import dev.ripcord.databases.PgSession;
import dev.ripcord.rollback.method.down.DownPlan.Next;
import io.vertx.sqlclient.Row;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the rows of {@code schema_migrations} say. */
final class ScriptRows {

    private ScriptRows() {}

    /**
     * The applied versions, newest first; the only row of a table with {@code dirty} is the newest version.
     *
     * @throws Refusal if one is under way or failed half-way
     */
    static List<String> applied(PgSession session, StateTable table) {
        String status = table.has("status") ? "status::text" : "null::text";
        String dirty = table.has("dirty") ? "coalesce(dirty, false)" : "false";
        List<Row> rows = session.query("select version::text as version, " + status + " as status, " + dirty
                + " as dirty from " + table.name() + " where version is not null");
        Set<String> applied = new LinkedHashSet<>();
        Set<String> halfWay = new LinkedHashSet<>();
        for (Row row : rows) {
            String version = row.getString("version");
            boolean half = row.getBoolean("dirty") || failed(row.getString("status"));
            if (half) halfWay.add(version);
            else if (counts(version, row.getString("status"))) applied.add(version);
        }
        halfWay.removeAll(applied);
        halfWay.stream().findFirst().ifPresent(version -> {
            throw halfWay(version);
        });
        return applied.stream().sorted(VersionOrder.NATURAL.reversed()).toList();
    }

    /** Some runners keep a row of each attempt: a failed one that was made good later does not count. */
    private static boolean failed(@Nullable String status) {
        return status != null
                && Set.of("failed", "error")
                        .contains(status.toLowerCase(Locale.ROOT).strip());
    }

    private static boolean counts(String version, @Nullable String status) {
        if (status == null) return true;
        return switch (status.toLowerCase(Locale.ROOT).strip()) {
            case "rolled_back", "rolledback", "rolled back", "reverted", "undone", "pending", "skipped" -> false;
            case "running", "in_progress", "started", "applying" ->
                throw new Refusal("migration " + Shown.name(version) + " is under way", Next.retry);
            default -> true;
        };
    }

    private static Refusal halfWay(String version) {
        return Refusal.restore("migration " + Shown.name(version)
                + " failed half-way: its down script undoes the whole, and nobody knows which part is there");
    }
}
