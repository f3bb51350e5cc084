package dev.ripcord.databases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ripcord.events.Manifest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the archive form rests on: a restored dump has the manifest of its original. */
class ArchiveManifestTest {

    private final ProtectedServer server = ProtectedServer.ofMajor(15);

    @TempDir
    private Path folder;

    @Test
    void a_restored_archive_has_the_manifest_of_its_original() throws Exception {
        requireClient();
        RichDatabase shop = RichDatabase.on(server);
        Manifest live = shop.manifest();
        String restored = shop.name() + "_restored";
        server.execute("postgres", "create database " + restored + " template template0");
        run("pg_dump", "--format=directory", "--file=" + folder.resolve("archive"), shop.name());
        run(
                "pg_restore",
                "--exit-on-error",
                "--jobs=2",
                "--dbname=" + restored,
                folder.resolve("archive").toString());
        assertThat(RichDatabase.differences(live, shop.manifest(restored, server.superuser())))
                .isEmpty();
    }

    @Test
    void expressions_that_are_written_otherwise_once_they_were_restored_are_the_same() throws Exception {
        requireClient();
        String name = "deparsed";
        server.execute(
                "postgres", "create database " + name, "create database " + name + "_restored template template0");
        try (InputStream sql = Objects.requireNonNull(ArchiveManifestTest.class.getResourceAsStream("deparsed.sql"))) {
            // a line that goes on with a statement is indented
            server.execute(name, new String(sql.readAllBytes(), StandardCharsets.UTF_8).split(";\n(?! )"));
        }
        run("pg_dump", "--format=directory", "--file=" + folder.resolve("deparsed"), name);
        run(
                "pg_restore",
                "--exit-on-error",
                "--dbname=" + name + "_restored",
                folder.resolve("deparsed").toString());
        String check = "select pg_get_constraintdef(oid) from pg_constraint where conname = 'parcels_status_check'";
        assertThat(server.ask(name + "_restored", check)).as("another text").isNotEqualTo(server.ask(name, check));
        assertThat(RichDatabase.differences(manifest(name), manifest(name + "_restored")))
                .isEmpty();
    }

    private Manifest manifest(String database) {
        try (PgSession session = server.session(server.superuser(), database)) {
            return ManifestReader.read(session, Map.of());
        }
    }

    private void requireClient() throws IOException {
        boolean there = Files.isExecutable(Path.of("/usr/bin/pg_restore"))
                && new String(
                                new ProcessBuilder("pg_restore", "--version")
                                        .start()
                                        .getInputStream()
                                        .readAllBytes(),
                                StandardCharsets.UTF_8)
                        .matches("(?s).*PostgreSQL\\) 1[5-9].*");
        if (there) return;
        String missing =
                "the PostgreSQL client 15 or later is not installed: whether a restored archive equals its original is NOT tested";
        System.err.println(missing);
        assertThat(System.getenv("CI")).as(missing).isNull();
        assumeTrue(false, missing);
    }

    private void run(String program, String... arguments) throws IOException, InterruptedException {
        List<String> command = new java.util.ArrayList<>(List.of(
                program,
                "--host=" + server.postgres().host(),
                "--port=" + server.postgres().port(),
                "--username=" + server.postgres().superuser()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile());
        builder.environment().put("PGPASSWORD", server.postgres().password());
        Process process = builder.start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue())
                .as(Files.readString(folder.resolve("output")))
                .isZero();
    }
}
