package dev.ripcord.rollback.method.schema;

import dev.ripcord.databases.PgSession;
import dev.ripcord.rollback.method.schema.SchemaDifference.Derived;
import dev.ripcord.rollback.method.schema.SchemaDifference.NotDerivable;
import io.vertx.sqlclient.Row;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Derives the way back: what goes, then what changes and comes back, each in the order of need. */
final class Derivation {

    /** Kinds of objects that only a whole copy brings back. */
    static final Set<String> NOT_DERIVED = Set.of(
            "operator",
            "operator class",
            "operator family",
            "conversion",
            "transform",
            "access method",
            "text search parser",
            "text search template",
            "subscription",
            "system privileges",
            "extension rights",
            "system function",
            "cast",
            "collation",
            "text search configuration",
            "text search dictionary",
            "language",
            "foreign data wrapper",
            "foreign server",
            "foreign table",
            "user mapping",
            "security label");

    private final PgSession liveSession;
    private final PgSession copySession;
    private final List<Refusal> refusals = new ArrayList<>();
    private final List<Change> changes = new ArrayList<>();
    private final Structure copy;
    private final Structure live;
    private final Going going;

    Derivation(PgSession liveSession, PgSession copySession) {
        this.liveSession = liveSession;
        this.copySession = copySession;
        this.copy = Structure.read(copySession);
        Renames.Found renames = Renames.in(Structure.read(liveSession), copy, refusals);
        this.live = renames.live();
        this.changes.addAll(renames.changes());
        this.going = new Going(live, copy, refusals);
    }

    SchemaDifference derive() {
        Set<String> realTables = new HashSet<>();
        liveSession
                .query(
                        "select format('%I.%I', n.nspname, c.relname) from pg_class c join pg_namespace n on n.oid = c.relnamespace where relkind in ('r', 'p')")
                .forEach(row -> realTables.add(row.getString(0)));
        going.find();
        Coming coming = new Coming(live, copy, going);
        refuseImpossible(coming);
        if (!refusals.isEmpty()) return new NotDerivable(refusals);
        refusals.addAll(Rows.violations(liveSession, copySession, coming.back()));
        changes.addAll(new Drops(live, copy, going, new Rows(liveSession), changes).statements());
        changes.addAll(new Creates(liveSession, copySession, live, copy, going, coming, refusals).changes());
        if (!refusals.isEmpty()) return new NotDerivable(new ArrayList<>(new LinkedHashSet<>(refusals)));
        Set<String> locks = locks(coming);
        locks.retainAll(realTables);
        return new Derived(changes, new ArrayList<>(locks), notes());
    }

    private void refuseImpossible(Coming coming) {
        for (String key : coming.back()) {
            Part part = copy.existing(key);
            if (part.creates() == null) refusals.add(new Refusal(key, "there is no statement that makes it again"));
        }
        for (String key : going.set) {
            Part part = copy.existing(key);
            if (part.is("extension")) refuseDowngrade(part);
        }
        for (String key : going.dropped) {
            Part part = live.existing(key);
            if (part.is("table")) refuseRowsOfOthers(part);
        }
        for (String key : going.converted) {
            Column column = live.column(key);
            if (column != null && column.partitionKey()) {
                refusals.add(new Refusal(key, "it is part of a partition key, whose type cannot change"));
            }
            if (copy.part(key) == null)
                refusals.add(new Refusal(key, "its type has to go, and the copy has no such column"));
        }
    }

    /** Rows of a partition or an heir are rows of the table above it: whoever reads that one would miss them. */
    private void refuseRowsOfOthers(Part table) {
        Set<String> needed = new LinkedHashSet<>(live.needs(table.key()));
        needed.addAll(live.needs("place among partitions of " + table.name()));
        for (String above : needed) {
            if (!above.startsWith("table ") || going.dropped.contains(above)) continue;
            if (!liveSession.query("select 1 from " + table.name() + " limit 1").isEmpty()) {
                refusals.add(new Refusal(table.key(), "it holds rows of " + above + ", which stays"));
            }
        }
    }

    private void refuseDowngrade(Part extension) {
        String now = version(liveSession, extension.name());
        String before = version(copySession, extension.name());
        String path = liveSession
                .query(
                        "select path from pg_extension_update_paths((select extname from pg_extension where quote_ident(extname) = $1)) where source = $2 and target = $3 union all select null",
                        extension.name(),
                        now,
                        before)
                .getFirst()
                .getString(0);
        if (path == null) {
            refusals.add(new Refusal(extension.key(), "it has no way back from version " + now + " to " + before));
        }
    }

    private static String version(PgSession session, String extension) {
        return session.query("select extversion from pg_extension where quote_ident(extname) = $1", extension)
                .getFirst()
                .getString(0);
    }

    private Set<String> locks(Coming coming) {
        Set<String> tables = new TreeSet<>();
        for (Structure structure : List.of(live, copy)) {
            for (String key : structure == live ? going.dropped : coming.back()) {
                String table = table(structure, structure.part(key));
                if (table != null) tables.add(table);
            }
            for (String key : going.converted) {
                String table = table(structure, structure.part(key));
                if (table != null) tables.add(table);
            }
        }
        going.rebuilt.forEach(key -> tables.add(key.substring("table ".length())));
        return tables;
    }

    private static @Nullable String table(Structure structure, @Nullable Part part) {
        Part at = part;
        while (at != null && !at.is("table")) {
            String container = structure.container(at);
            at = container == null ? null : structure.part(container);
        }
        return at == null ? null : at.name();
    }

    private List<String> notes() {
        List<String> notes = new ArrayList<>();
        for (Row row : liveSession.query(
                "select quote_ident(evtname) from pg_event_trigger where evtenabled <> 'D' and evttags is distinct from '{}' order by 1")) {
            notes.add("event trigger " + row.getString(0)
                    + " may be fired by these statements, unless the role may set session_replication_role");
        }
        for (String key : going.rebuilt) {
            notes.add(
                    key
                            + " is written anew, so that its columns are in their order: this takes its size again on the disk");
        }
        return notes;
    }
}
