package dev.ripcord.rollback.method.partial;

import dev.ripcord.databases.PgSession;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What a restore is about to touch, gathered step by step: the named tables, and rows of others. */
final class Touched {

    /** More than this is no longer a detail of somebody else's table. */
    static final int MOST = 200_000;

    static final int BATCH = 5_000;

    final PgSession live;
    final PgSession copy;
    final Catalogue liveTables;
    final Catalogue copyTables;
    final PartialOptions options;

    /** By the live table's object id. */
    final Map<Long, Pair> named = new LinkedHashMap<>();

    final Map<Long, Differences> differences = new LinkedHashMap<>();

    /** Rows of the copy that are added to a live table that was not named. */
    final Map<Long, Set<RowId>> added = new LinkedHashMap<>();

    final Map<Long, Pair> addedTo = new LinkedHashMap<>();

    /** Rows of live tables that were not named, to be deleted. */
    final Map<Long, Set<RowId>> doomed = new LinkedHashMap<>();

    /** By the name of the constraint's table and the constraint: how many rows. */
    final Map<Through, Long> parents = new TreeMap<>();

    final Map<Through, Long> dependents = new TreeMap<>();
    final Set<String> refusals = new LinkedHashSet<>();
    final Set<String> warnings = new LinkedHashSet<>();

    Touched(PgSession live, PgSession copy, PartialOptions options) {
        this.live = live;
        this.copy = copy;
        this.options = options;
        this.liveTables = new Catalogue(live);
        this.copyTables = new Catalogue(copy);
    }

    /** Rows of a table, and the foreign key that leads to them. */
    record Through(String table, String constraint) implements Comparable<Through> {
        @Override
        public int compareTo(Through other) {
            int byTable = table.compareTo(other.table);
            return byTable != 0 ? byTable : constraint.compareTo(other.constraint);
        }
    }

    boolean isNamed(long table) {
        return named.containsKey(table);
    }

    Optional<Pair> pair(Table table) {
        return copyTables.named(table.name()).map(before -> Pair.of(table, before));
    }

    /** Every live table of which rows are written, in the order of names. */
    List<Table> tables() {
        Map<String, Table> tables = new TreeMap<>();
        named.values().forEach(pair -> tables.put(pair.name(), pair.live()));
        addedTo.values().forEach(pair -> tables.put(pair.name(), pair.live()));
        doomed.keySet().forEach(table -> tables.put(liveTables.name(table), liveTables.table(table)));
        return new ArrayList<>(tables.values());
    }

    /** Foreign keys with a written table on either side that the server is meant to keep. */
    List<ForeignKey> foreignKeys() {
        Set<Long> written = new LinkedHashSet<>();
        tables().forEach(table -> written.add(table.oid()));
        return liveTables.foreignKeys().stream()
                .filter(key -> written.contains(key.child()) || written.contains(key.parent()))
                .toList();
    }

    void close() {
        differences.values().forEach(Differences::close);
    }
}
