package dev.ripcord.databases;

import java.io.StringReader;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** Knows the line on which each field of a YAML file stands. */
record YamlLines(Path file, @Nullable Node root) {

    static YamlLines of(Path file, String text) {
        try {
            return new YamlLines(file, new Yaml(new LoaderOptions()).compose(new StringReader(text)));
        } catch (MarkedYAMLException e) {
            int line = e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
            throw new InvalidDatabasesException(
                    java.util.List.of(file + ":" + line + ": not valid YAML: " + e.getProblem()));
        }
    }

    /** One line for people: file, line, field, what is wrong. */
    String problem(String pointer, String message) {
        String field = pointer.isEmpty() ? "the file" : pointer.substring(1).replace('/', '.');
        return file + ":" + line(pointer) + ": " + field + ": " + message;
    }

    private int line(String pointer) {
        Node node = root;
        int line = 1;
        for (String step : pointer.split("/")) {
            if (step.isEmpty() || node == null) continue;
            switch (node) {
                case MappingNode mapping -> {
                    NodeTuple tuple = tuple(mapping, step);
                    if (tuple == null) return line;
                    node = tuple.getValueNode();
                    line = tuple.getKeyNode().getStartMark().getLine() + 1;
                }
                case SequenceNode sequence -> {
                    int index = Integer.parseInt(step);
                    if (index >= sequence.getValue().size()) return line;
                    node = sequence.getValue().get(index);
                    line = node.getStartMark().getLine() + 1;
                }
                default -> {
                    return line;
                }
            }
        }
        return line;
    }

    private static @Nullable NodeTuple tuple(MappingNode mapping, String key) {
        return mapping.getValue().stream()
                .filter(tuple -> tuple.getKeyNode() instanceof ScalarNode scalar
                        && scalar.getValue().equals(key))
                .findFirst()
                .orElse(null);
    }
}
