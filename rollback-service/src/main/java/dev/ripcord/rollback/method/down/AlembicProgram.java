package dev.ripcord.rollback.method.down;

import dev.ripcord.databases.lexer.SqlText;
import dev.ripcord.rollback.method.down.AlembicRevisions.Revision;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Alembic as a child process that makes SQL and is connected to nothing: it has the revision files, an environment without
 * anything of ours, and a limit. The revision files are programs; whoever configures this trusts who writes them.
 */
record AlembicProgram(Path program, Duration limit) {

    private static final int TOLD = 2000;

    /**
     * The SQL of a command such as {@code downgrade c:a}, each revision's after a comment {@code -- Running}, without
     * what is about the version table.
     *
     * @throws Refusal if the program does not come to its end within its limit and without an error
     */
    String sql(Collection<Revision> revisions, String command, String range) {
        try {
            Path folder = Files.createTempDirectory("alembic");
            try {
                return sql(folder, revisions, List.of(command, range, "--sql"));
            } finally {
                delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String sql(Path folder, Collection<Revision> revisions, List<String> arguments) throws IOException {
        Path versions = Files.createDirectory(folder.resolve("versions"));
        for (Revision each : revisions)
            Files.writeString(versions.resolve(each.id() + ".py"), each.file().text());
        try (InputStream env = AlembicProgram.class.getResourceAsStream("alembic-env.py")) {
            if (env == null) throw new IllegalStateException("alembic-env.py is missing from the jar");
            Files.copy(env, folder.resolve("env.py"));
        }
        Files.writeString(folder.resolve("alembic.ini"), "[alembic]\nscript_location = .\n");
        String table = "left_out_" + UUID.randomUUID().toString().replace("-", "");
        run(folder, table, arguments);
        StringBuilder kept = new StringBuilder();
        String output = Files.readString(folder.resolve("output.sql"));
        for (String part : output.split("(?m)^(?=-- Running )")) {
            if (!part.startsWith("-- Running ")) continue;
            String header = part.lines().findFirst().orElse("");
            kept.append(header).append('\n');
            SqlText.cut(part.substring(header.length())).stream()
                    .filter(each -> !each.text().contains(table))
                    .forEach(each -> kept.append(each.text()).append(";\n"));
        }
        return kept.toString();
    }

    private void run(Path folder, String table, List<String> arguments) throws IOException {
        List<String> command = Stream.concat(Stream.of(program.toString(), "-c", "alembic.ini"), arguments.stream())
                .toList();
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("told").toFile());
        builder.environment().clear();
        builder.environment()
                .putAll(Map.of(
                        "PATH",
                        "/usr/local/bin:/usr/bin:/bin",
                        "LANG",
                        "C.UTF-8",
                        "HOME",
                        folder.toString(),
                        "PYTHONDONTWRITEBYTECODE",
                        "1",
                        "RIPCORD_OUTPUT",
                        folder.resolve("output.sql").toString(),
                        "RIPCORD_VERSION_TABLE",
                        table));
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            throw Refusal.restore("alembic cannot be started: " + e.getMessage());
        }
        if (!ended(process)) throw Refusal.restore("alembic did not end within " + limit.toSeconds() + " s");
        if (process.exitValue() != 0) {
            throw Refusal.restore(
                    "alembic failed with status " + process.exitValue() + ": " + lastWords(folder.resolve("told")));
        }
    }

    private boolean ended(Process process) {
        try {
            return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private static String lastWords(Path told) throws IOException {
        try (InputStream in = Files.newInputStream(told)) {
            in.skipNBytes(Math.max(0, Files.size(told) - TOLD));
            return Shown.message(new String(in.readNBytes(TOLD), StandardCharsets.UTF_8));
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(each);
        }
    }
}
