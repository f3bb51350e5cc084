package dev.ripcord.databases;

import java.io.StringReader;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
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
            throw new InvalidDatabasesException(List.of(file + ":" + line + ": not valid YAML: " + e.getProblem()));
        } catch (YAMLException e) {
            throw new InvalidDatabasesException(List.of(file + ": not valid YAML: "
                    + String.valueOf(e.getMessage()).lines().findFirst().orElse("")));
        }
    }

    /** A field that stands twice in one place would silently count with its last value. */
    List<String> fieldsGivenTwice() {
        return root == null ? List.of() : twice(root, "").toList();
    }

    private Stream<String> twice(Node node, String pointer) {
        if (node instanceof SequenceNode sequence) {
            return IntStream.range(0, sequence.getValue().size())
                    .boxed()
                    .flatMap(i -> twice(sequence.getValue().get(i), pointer + "/" + i));
        }
        if (!(node instanceof MappingNode mapping)) return Stream.empty();
        Set<String> seen = new HashSet<>();
        return mapping.getValue().stream().flatMap(tuple -> {
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) return Stream.empty();
            String field = pointer + "/" + key.getValue();
            if (seen.add(key.getValue())) return twice(tuple.getValueNode(), field);
            return Stream.of(problem(field, key.getStartMark().getLine() + 1, "stands here twice"));
        });
    }

    /** One line for people: file, line, field, what is wrong. */
    String problem(String pointer, String message) {
        return problem(pointer, line(pointer), message);
    }

    private String problem(String pointer, int line, String message) {
        String field =
                pointer.isEmpty() ? "the file" : unescaped(pointer.substring(1).replace('/', '.'));
        return file + ":" + line + ": " + field + ": " + message;
    }

    private int line(String pointer) {
        Node node = root;
        int line = 1;
        for (String step : pointer.split("/")) {
            if (step.isEmpty() || node == null) continue;
            switch (node) {
                case MappingNode mapping -> {
                    NodeTuple tuple = tuple(mapping, unescaped(step));
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

    private static String unescaped(String step) {
        return step.replace("~1", "/").replace("~0", "~");
    }
}
