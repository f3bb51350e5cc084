package dev.ripcord.command.bench;

import dev.ripcord.command.sample.Shop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;

/** As wikis have it: a dump before, and after it the database is dropped, made, and filled from the dump. */
final class Dumped implements Peer {

    private final Shop shop;
    private final Pristine pristine;
    private final Programs programs;
    private final Path folder;
    private final boolean parallel;

    /** With {@code parallel} a dump in the directory format by two processes, else text through gzip. */
    Dumped(Shop shop, Pristine pristine, Programs programs, Path folder, boolean parallel) {
        this.shop = shop;
        this.pristine = pristine;
        this.programs = programs;
        this.folder = folder;
        this.parallel = parallel;
    }

    @Override
    public String name() {
        return parallel ? "pg_dump -Fd -j2" : "pg_dump | gzip";
    }

    @Override
    public Shop shop() {
        return shop;
    }

    @Override
    public void reset() throws SQLException {
        pristine.into(shop);
    }

    @Override
    public Snapshot snapshot(String round) throws IOException {
        Path file = file(round);
        Files.createDirectories(folder);
        long began = System.nanoTime();
        if (parallel) {
            Programs.run(List.of(programs.of(shop, "pg_dump", "--format=directory", "--jobs=2", "--file=" + file)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)));
        } else {
            Programs.run(
                    List.of(programs.of(shop, "pg_dump"), new ProcessBuilder("gzip").redirectOutput(file.toFile())));
        }
        return Snapshot.since(began);
    }

    @Override
    public long diskBytes(String round) throws IOException {
        return Programs.bytes(file(round));
    }

    @Override
    public void restore(String round) throws SQLException, IOException {
        try (Connection connection = shop.server().connect("postgres");
                Statement statement = connection.createStatement()) {
            statement.execute("drop database " + shop.database() + " with (force)");
            statement.execute("create database " + shop.database() + " owner shop_owner");
        }
        if (parallel) {
            Programs.run(List.of(
                    programs.of(shop, "pg_restore", "--jobs=2", file(round).toString())
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)));
        } else {
            Programs.run(List.of(
                    new ProcessBuilder("gunzip", "--stdout", file(round).toString()),
                    programs.of(shop, "psql", "--quiet", "--no-psqlrc")
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)));
        }
    }

    @Override
    public Optional<String> kept() {
        return Optional.empty();
    }

    @Override
    public void tidy() throws SQLException, IOException {
        pristine.drop(shop);
        Programs.delete(folder);
    }

    private Path file(String round) {
        return folder.resolve((parallel ? "directory-" : "text-") + round);
    }
}
