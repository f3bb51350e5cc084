import com.palantir.javaformat.java.Formatter;
import com.palantir.javaformat.java.ImportOrderer;
import com.palantir.javaformat.java.JavaFormatterOptions;
import com.palantir.javaformat.java.RemoveUnusedImports;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Formats the Java files below a folder with palantir-java-format, on the JDK that compiles them (Maven itself may run on
 * an older one, whose parser would not read them).
 *
 * <p>{@code Format.java --replace|--check FOLDER}: with {@code --check} nothing is written and the exit status is 1 where
 * a file would change.
 */
public class Format {
    public static void main(String[] arguments) throws Exception {
        boolean check = arguments[0].equals("--check");
        Path folder = Path.of(arguments[1]);
        if (!Files.isDirectory(folder)) return;
        Formatter formatter = Formatter.createFormatter(JavaFormatterOptions.builder()
                .style(JavaFormatterOptions.Style.PALANTIR)
                .build());
        List<Path> unformatted = new ArrayList<>();
        List<Path> sources;
        try (var files = Files.walk(folder)) {
            sources = files.filter(file -> file.toString().endsWith(".java")).sorted().toList();
        }
        for (Path source : sources) {
            String before = Files.readString(source);
            String after = formatter.formatSource(ImportOrderer.reorderImports(
                    RemoveUnusedImports.removeUnusedImports(before), JavaFormatterOptions.Style.PALANTIR));
            if (after.equals(before)) continue;
            unformatted.add(source);
            if (!check) Files.writeString(source, after);
        }
        if (check && !unformatted.isEmpty()) {
            System.err.println("Not formatted (run ./mvnw process-sources to format): " + unformatted);
            System.exit(1);
        }
    }
}
