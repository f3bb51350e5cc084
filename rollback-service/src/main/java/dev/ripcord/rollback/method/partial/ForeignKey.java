package dev.ripcord.rollback.method.partial;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A foreign key of the live database; all names are quoted.
 *
 * @param operators from the parent's column to the child's
 * @param sameOperators from the parent's column to the parent's
 * @param full whether a row with some of the columns null breaks it
 * @param ofPartition whether one side is a single partition
 */
record ForeignKey(
        String name,
        long child,
        long parent,
        List<String> childColumns,
        List<String> parentColumns,
        List<String> operators,
        List<String> sameOperators,
        boolean full,
        boolean validated,
        boolean enforced,
        boolean temporal,
        boolean ofPartition) {

    /** The condition that a parent's row is the one that a child's row means; each side is an alias, or an expression before the dot. */
    String matches(String parentRow, String childRow) {
        return IntStream.range(0, childColumns.size())
                .mapToObj(i -> parentRow + "." + parentColumns.get(i) + " " + operators.get(i) + " " + childRow + "."
                        + childColumns.get(i))
                .collect(Collectors.joining(" and "));
    }

    /** The condition that two rows of the parent have the same key. */
    String same(String one, String other) {
        return IntStream.range(0, parentColumns.size())
                .mapToObj(i -> one + "." + parentColumns.get(i) + " " + sameOperators.get(i) + " " + other + "."
                        + parentColumns.get(i))
                .collect(Collectors.joining(" and "));
    }

    /** The condition that a child's row means any parent at all. */
    String means(String childRow) {
        String joined = childColumns.stream()
                .map(column -> childRow + "." + column + (full ? " is null" : " is not null"))
                .collect(Collectors.joining(" and "));
        return full ? "not (" + joined + ")" : "(" + joined + ")";
    }

    /** Counts the child's rows without a parent. */
    String orphans(Table childTable, Table parentTable) {
        return "select count(*) as n from " + childTable.from() + " c where " + means("c")
                + " and not exists (select 1 from " + parentTable.from() + " p where " + matches("p", "c") + ")";
    }
}
