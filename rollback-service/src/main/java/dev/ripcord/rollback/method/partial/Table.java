package dev.ripcord.rollback.method.partial;

import java.util.List;

/**
 * One table as its database describes it; all names are quoted.
 *
 * @param kind as in {@code pg_class}: {@code r} a table, {@code p} a partitioned one
 * @param partition whether it is part of a partitioned table
 * @param hidden whether row security would hide rows from this session
 * @param writable whether this session may read, insert, update and delete
 * @param owned whether this session may change its triggers
 * @param rules those that would rewrite a write to it, while triggers fire as usual and while they are held back
 * @param keys unique, not null and without conditions; the primary key first
 * @param contested columns of every further unique or exclusion index, all columns where such an index has expressions or a condition
 * @param unchecked exclusion constraints that are checked by a trigger
 */
record Table(
        long oid,
        String name,
        String kind,
        boolean partition,
        boolean foreignParts,
        boolean temporary,
        boolean secured,
        boolean hidden,
        boolean writable,
        boolean owned,
        boolean inherited,
        Rules rules,
        List<Column> columns,
        List<Key> keys,
        List<Index> unique,
        List<String> unchecked) {

    /** Names of the rules that a write would meet. */
    record Rules(List<String> usual, List<String> held) {}

    /**
     * A column.
     *
     * @param type as {@code format_type} writes it
     * @param made up of what: the attributes of a composite type, the type below a domain, the subtype of a range
     * @param labels of an enum
     * @param notNull whether no null can be written
     * @param sure whether there is no null either: the constraint was not made without a look at the rows that were there
     * @param demanding whether its type, a domain, forbids null
     * @param virtual whether it is generated whenever it is read, which may fail for some rows
     * @param identityAlways whether no update may set it
     * @param defaulted whether a row that does not mention it gets a value
     */
    record Column(
            String name,
            String type,
            String made,
            List<String> labels,
            boolean notNull,
            boolean sure,
            boolean demanding,
            boolean generated,
            boolean virtual,
            boolean identityAlways,
            boolean defaulted) {}

    /** Columns that tell the rows apart, and the operator that says whether two values of each are equal. */
    record Key(List<String> columns, List<String> operators) {}

    /** A unique or exclusion index: its columns, none where it has expressions or a condition. */
    record Index(List<String> columns, boolean plain, boolean deferrable, boolean nullsEqual, boolean exclusion) {}

    boolean partitioned() {
        return kind.equals("p");
    }

    /** For a from clause: this table's own rows, those of its partitions included, those of its children not. */
    String from() {
        return partitioned() ? name : "only " + name;
    }

    List<String> columnNames() {
        return columns.stream().map(Column::name).toList();
    }
}
