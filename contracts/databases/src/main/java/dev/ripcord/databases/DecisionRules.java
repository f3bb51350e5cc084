package dev.ripcord.databases;

import java.util.List;
import java.util.Map;

/**
 * One database's own rules on when to roll back and when not to; they are asked before the shipped ones.
 *
 * @param rules as the file says them, in the shape that {@code databases.schema.json} describes
 */
public record DecisionRules(List<Map<String, Object>> rules) {
    public DecisionRules {
        rules = rules.stream().map(Map::copyOf).toList();
    }
}
