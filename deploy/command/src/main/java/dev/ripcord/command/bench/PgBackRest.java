package dev.ripcord.command.bench;

import dev.ripcord.command.sample.SampleStack;
import dev.ripcord.command.sample.Shop;
import dev.ripcord.command.sample.Size;
import dev.ripcord.command.stack.Stack;
import dev.ripcord.embedded.CannotStartException;
import dev.ripcord.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * pgBackRest: a full backup of the whole server before, {@code restore --delta} to the end of that backup after, for which the
 * server is stopped. It has a server of its own, which archives its log as pgBackRest's guide has it.
 */
final class PgBackRest implements Peer {

    private static final Path PROGRAM = Path.of("/usr/bin/pgbackrest");
    private static final String STANZA = "shop";
    private static final Duration LIMIT = Duration.ofMinutes(30);

    private final EmbeddedPostgres server;
    private final Shop shop;
    private final Path repository;
    private final Path configuration;

    private PgBackRest(EmbeddedPostgres server, Shop shop, Path repository, Path configuration) {
        this.server = server;
        this.shop = shop;
        this.repository = repository;
        this.configuration = configuration;
    }

    static boolean installed() {
        return Files.isExecutable(PROGRAM);
    }

    /** Starts a server and fills it; empty where this pgBackRest does not know the version, which is noted. */
    static Optional<Peer> prepare(
            Stack stack, int major, Size size, int number, Map<String, String> settings, Consumer<String> note)
            throws SQLException {
        Path folder = stack.folder().root().resolve("pgbackrest" + number);
        Map<String, String> all = new HashMap<>(settings);
        all.put("archive_mode", "on");
        // before there is a repository it fails, and the server tries again
        Path configuration = folder.resolve("repository").resolve("pgbackrest.conf");
        all.put("archive_command", String.join(" ", command(configuration, "archive-push", "%p")));
        EmbeddedPostgres server = stack.with(EmbeddedPostgres.start(folder, major, 0, all));
        Path repository = server.ownFolder("repository");
        write(configuration, server, repository);
        Shop shop = SampleStack.shop(stack, "byhand").on(server.server());
        PgBackRest peer = new PgBackRest(server, shop, repository, configuration);
        try {
            peer.run("stanza-create");
        } catch (CannotStartException e) {
            server.stop();
            note.accept("left out with PostgreSQL " + major + ": this pgBackRest, which says "
                    + error(String.valueOf(e.getMessage())));
            return Optional.empty();
        }
        Pristine pristine = new Pristine(SampleStack.shop(stack, "pristine").on(server.server())).made(size);
        pristine.into(shop);
        pristine.drop(pristine.shop());
        return Optional.of(peer);
    }

    @Override
    public String name() {
        return "pgBackRest --delta";
    }

    @Override
    public Shop shop() {
        return shop;
    }

    @Override
    public Snapshot snapshot(String round) {
        long began = System.nanoTime();
        run("backup", "--type=full");
        return Snapshot.since(began);
    }

    @Override
    public long diskBytes(String round) throws IOException {
        return Programs.bytes(repository);
    }

    @Override
    public void restore(String round) {
        server.stop();
        run("restore", "--delta", "--type=immediate", "--target-action=promote");
        server.restart();
    }

    @Override
    public Optional<String> kept() {
        return Optional.empty();
    }

    @Override
    public void tidy() {
        // the next backup replaces this one: the repository keeps one
    }

    private void run(String... arguments) {
        List<String> command = new ArrayList<>(
                List.of("env", "PGPASSFILE=" + configuration.resolveSibling("passwords"), "PGUSER=postgres"));
        command.addAll(command(configuration, arguments));
        server.run(command, LIMIT);
    }

    private static List<String> command(Path configuration, String... arguments) {
        List<String> command =
                new ArrayList<>(List.of(PROGRAM.toString(), "--config=" + configuration, "--stanza=" + STANZA));
        command.addAll(List.of(arguments));
        return command;
    }

    private static void write(Path configuration, EmbeddedPostgres server, Path repository) {
        Path data = server.dataFolder().resolve("data");
        try {
            Files.writeString(
                    configuration, """
                    [global]
                    repo1-path=%1$s/backups
                    repo1-retention-full=1
                    lock-path=%1$s/lock
                    spool-path=%1$s/spool
                    log-level-file=off
                    log-level-console=error
                    log-level-stderr=off
                    start-fast=y
                    process-max=2
                    compress-type=zst
                    [%2$s]
                    pg1-path=%3$s
                    pg1-socket-path=%3$s
                    pg1-port=%4$d
                    pg1-user=%5$s
                    """.formatted(repository, STANZA, data, server.port(), server.superuser()));
            Path passwords = configuration.resolveSibling("passwords");
            Files.writeString(passwords, "*:*:*:*:" + server.password());
            Files.setPosixFilePermissions(passwords, PosixFilePermissions.fromString("rw-------"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.ownFolder(repository.getFileName().toString());
    }

    /** The first error in what it wrote. */
    private static String error(String text) {
        return text.lines()
                .filter(line -> line.contains("ERROR: "))
                .map(line -> line.substring(line.indexOf("ERROR: ")))
                .findFirst()
                .orElse(text);
    }
}
