package dev.ripcord.rollback.method.schema;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/** Puts what is needed before what needs it; among the others the lower stage first, then the name. */
final class Order {

    private Order() {}

    static List<String> of(Set<String> keys, ToIntFunction<String> stage, Function<String, Set<String>> needs) {
        Comparator<String> first = Comparator.comparingInt(stage).thenComparing(Comparator.naturalOrder());
        Map<String, Set<String>> missing = new HashMap<>();
        Map<String, Set<String>> waiting = new HashMap<>();
        TreeSet<String> ready = new TreeSet<>(first);
        TreeSet<String> left = new TreeSet<>(first);
        left.addAll(keys);
        for (String key : keys) {
            Set<String> needed = new LinkedHashSet<>(needs.apply(key));
            needed.retainAll(keys);
            needed.remove(key);
            missing.put(key, needed);
            for (String each : needed)
                waiting.computeIfAbsent(each, k -> new LinkedHashSet<>()).add(key);
            if (needed.isEmpty()) ready.add(key);
        }
        List<String> order = new ArrayList<>();
        while (!left.isEmpty()) {
            // a circle is opened where the stage is lowest; the server says if that was wrong
            String next = ready.isEmpty() ? left.first() : ready.first();
            ready.remove(next);
            left.remove(next);
            order.add(next);
            for (String dependent : waiting.getOrDefault(next, Set.of())) {
                Set<String> needed = missing.getOrDefault(dependent, Set.of());
                if (needed.remove(next) && needed.isEmpty() && left.contains(dependent)) ready.add(dependent);
            }
        }
        return order;
    }
}
