package dev.ripcord.command.bench;

import dev.ripcord.command.CommandFailedException;
import dev.ripcord.command.sample.Shop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** PostgreSQL's client programs of one major version, where Debian puts them. */
record Programs(int major) {

    boolean installed() {
        return Files.isExecutable(path("pg_dump")) && Files.isExecutable(path("psql"));
    }

    private Path path(String program) {
        return Path.of("/usr/lib/postgresql/" + major + "/bin", program);
    }

    /** A program that connects to the shop as superuser. */
    ProcessBuilder of(Shop shop, String program, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                path(program).toString(),
                "--host=" + shop.server().host(),
                "--port=" + shop.server().port(),
                "--username=" + shop.server().superuser(),
                "--dbname=" + shop.database()));
        command.addAll(List.of(arguments));
        ProcessBuilder process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
        process.environment().put("PGPASSWORD", shop.server().password());
        return process;
    }

    /** Runs them, each reading what the one before writes, to their ends; a restore into a database in use may complain. */
    static void run(List<ProcessBuilder> programs) throws IOException {
        List<Process> running = ProcessBuilder.startPipeline(programs);
        try {
            for (Process process : running) process.waitFor();
        } catch (InterruptedException e) {
            running.forEach(Process::destroyForcibly);
            Thread.currentThread().interrupt();
            throw new CommandFailedException("interrupted");
        }
    }

    static long bytes(Path path) throws IOException {
        try (var files = Files.walk(path)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (Path each : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(each);
        }
    }
}
