package dev.ripcord.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page on PostgreSQL's pitfalls says what is true: each row is there, and each test that a row names. */
class PitfallTableTest {

    private static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();
    private static final Path PAGE = ROOT.resolve("deploy/docs/postgresql.md");
    private static final Pattern ROW = Pattern.compile("^\\| (F?\\d+) \\|([^|]+)\\|([^|]+)\\|([^|]+)\\|([^|]*)\\|$");
    private static final Pattern TEST = Pattern.compile("`(\\w+)\\.(\\w+)`(?: \\(((?:`\\w+`(?:, )?)+)\\))?");

    private record Row(String number, String does, String shown) {}

    @Test
    void every_row_is_there_and_says_what_is_done() throws IOException {
        List<String> wanted = new ArrayList<>(
                IntStream.rangeClosed(1, 10).mapToObj(n -> "F" + n).toList());
        wanted.addAll(IntStream.rangeClosed(1, 53).mapToObj(String::valueOf).toList());
        assertThat(rows()).extracting(Row::number).containsExactlyElementsOf(wanted);
        assertThat(rows())
                .allSatisfy(row -> assertThat(row.does().split(", "))
                        .as(row.number())
                        .isSubsetOf("handles", "refuses", "tells", "open"));
    }

    @Test
    void every_row_but_the_open_ones_names_a_test_and_every_test_is_there() throws IOException {
        Map<String, String> sources = tests();
        List<String> wrong = new ArrayList<>();
        for (Row row : rows()) {
            Matcher named = TEST.matcher(row.shown());
            boolean any = false;
            while (named.find()) {
                any = true;
                String source = sources.getOrDefault(named.group(1), "");
                if (!source.contains(" " + named.group(2) + "(")) wrong.add(row.number() + ": no " + named.group());
                if (named.group(3) != null) wrong.addAll(missingFixtures(row.number(), named.group(3)));
            }
            if (any == row.does().equals("open")) wrong.add(row.number() + " is " + row.does() + ": " + row.shown());
        }
        assertThat(wrong).isEmpty();
    }

    private static List<String> missingFixtures(String number, String names) {
        Path folder = ROOT.resolve("snapshot-service/src/test/resources/fixtures");
        return Stream.of(names.replace("`", "").split(", "))
                .filter(name -> !Files.exists(folder.resolve(name + ".sql")))
                .map(name -> number + ": no fixture " + name)
                .toList();
    }

    private static List<Row> rows() throws IOException {
        return Files.readAllLines(PAGE).stream()
                .map(ROW::matcher)
                .filter(Matcher::matches)
                .map(row ->
                        new Row(row.group(1), row.group(3).strip(), row.group(5).strip()))
                .toList();
    }

    /** The text of all test classes of a name, of which there may be several. */
    private static Map<String, String> tests() throws IOException {
        Map<String, String> byName = new HashMap<>();
        Set<Path> folders = new TreeSet<>();
        try (Stream<Path> all = Files.walk(ROOT, 5)) {
            all.filter(path -> path.endsWith(Path.of("src", "test", "java"))).forEach(folders::add);
        }
        for (Path folder : folders) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file :
                        files.filter(each -> each.toString().endsWith(".java")).toList()) {
                    byName.merge(
                            file.getFileName().toString().replace(".java", ""), Files.readString(file), String::concat);
                }
            }
        }
        return byName;
    }
}
