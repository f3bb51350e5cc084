package dev.ripcord.rollback.method.partial;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The written tables, each after those that it refers to, as far as they do not refer to each other in a circle. */
final class ParentsFirst {

    private ParentsFirst() {}

    static List<Long> of(Touched touched) {
        Set<Long> order = new LinkedHashSet<>();
        Set<Long> tables =
                new LinkedHashSet<>(touched.tables().stream().map(Table::oid).toList());
        for (Long table : tables) visit(touched, table, tables, new LinkedHashSet<>(), order);
        return List.copyOf(order);
    }

    private static void visit(Touched touched, long table, Set<Long> tables, Set<Long> path, Set<Long> order) {
        if (!tables.contains(table) || order.contains(table) || !path.add(table)) return;
        for (ForeignKey key : touched.liveTables.foreignKeys()) {
            if (key.child() == table) visit(touched, key.parent(), tables, path, order);
        }
        order.add(table);
    }
}
