package dev.ripcord.command.bench.report;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What the figures were measured on.
 *
 * @param lines of text, for people
 * @param processors as many as this program may use
 * @param load processes that ran or wanted to, on average over the last minute before the start; negative where the system
 *     does not tell
 */
public record Machine(List<String> lines, int processors, double load) {

    private static final Path SYSTEM = Path.of("/etc/os-release");
    private static final Path PROCESSOR = Path.of("/proc/cpuinfo");

    public Machine {
        lines = List.copyOf(lines);
    }

    /** This one, now. */
    public static Machine here() {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        int processors = system.getAvailableProcessors();
        double load = system.getSystemLoadAverage();
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                "%d processors (%s), %.1f GB of memory",
                processors,
                value(PROCESSOR, "model name", ":", system.getArch()),
                system.getTotalMemorySize() / 1e9));
        lines.add(value(SYSTEM, "PRETTY_NAME", "=", system.getName()) + ", kernel " + system.getVersion() + ", Java "
                + Runtime.version());
        lines.add(disk(Path.of(System.getProperty("java.io.tmpdir"))));
        if (load >= 0) lines.add(String.format(Locale.ROOT, "load before the start: %.2f", load));
        return new Machine(lines, processors, load);
    }

    private static String disk(Path folder) {
        try {
            FileStore disk = Files.getFileStore(folder);
            return String.format(Locale.ROOT, "data on %s, %.0f GB free", disk.type(), disk.getUsableSpace() / 1e9);
        } catch (IOException e) {
            return "data in " + folder;
        }
    }

    /** From a file of names and values, one a line; the other value where it is not there. */
    private static String value(Path file, String name, String between, String otherwise) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith(name) && line.contains(between))
                    .map(line -> line.substring(line.indexOf(between) + 1)
                            .replace("\"", "")
                            .strip())
                    .findFirst()
                    .orElse(otherwise);
        } catch (IOException e) {
            return otherwise;
        }
    }
}
