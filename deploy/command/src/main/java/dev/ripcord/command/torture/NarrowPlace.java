package dev.ripcord.command.torture;

import dev.ripcord.command.follow.Waiting;
import dev.ripcord.command.sample.SampleStack;
import dev.ripcord.command.sample.Size;
import dev.ripcord.events.SnapshotEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A shop in a tablespace on a small disk, with its archives on another.
 *
 * @param archives null where there are none
 */
record NarrowPlace(
        Ground ground, Quiet shop, Disk data, @Nullable Disk archives) {

    private static final int MEGABYTES = 200;
    private static final int NOBODY = 65534;
    private static final Duration CLEANED_WITHIN = Duration.ofSeconds(20);

    /** Of the database and of all that was made for it, databases and files. */
    record State(Content content, List<String> databases, List<String> files, int snapshots) {

        /** The same with a snapshot more, in whichever form. */
        State withSnapshot() {
            return new State(content, databases, files, snapshots + 1);
        }
    }

    /** Makes it, and enrols the shop. */
    static NarrowPlace make(Ground ground) throws SQLException, IOException {
        Path folder = ground.stack().folder().root().resolve("narrow");
        Disk data = ground.stack().with(Disk.at(folder, MEGABYTES));
        Path space = Files.createDirectory(folder.resolve("space"));
        Files.setAttribute(space, "unix:uid", NOBODY);
        Files.setAttribute(space, "unix:gid", NOBODY);
        ground.execute("postgres", "create tablespace narrow location '" + space + "'");
        Quiet shop = new Quiet(ground, SampleStack.shop(ground.stack(), "narrow"));
        shop.shop().createEmpty();
        ground.execute("postgres", "alter database narrow set tablespace narrow");
        shop.shop().fill(new Size(2));
        Disk archives = null;
        if (ground.kind() == Ground.Kind.ARCHIVE) {
            archives = ground.stack().with(Disk.at(ground.store().resolve(shop.id()), MEGABYTES));
        }
        ground.add(shop.shop());
        return new NarrowPlace(ground, shop, data, archives);
    }

    /** Fewer bytes than a snapshot takes where it is stored. */
    long tooFew() throws SQLException, IOException {
        SnapshotEvent.Proven proven = shop.proven();
        long bytes = ground.events().all(SnapshotEvent.Completed.class).stream()
                .filter(event -> event.snapshot().equals(proven.snapshot()))
                .mapToLong(SnapshotEvent.Completed::bytes)
                .findFirst()
                .orElseThrow();
        clear();
        return bytes * 8 / 10;
    }

    Disk store() {
        if (archives == null) throw new IllegalStateException("there are no archives");
        return archives;
    }

    /** What a snapshot takes on the disk of the database. */
    long snapshotBytes() throws SQLException {
        return archives == null ? shop.shop().bytes() * 11 / 10 : 0;
    }

    Content content() throws SQLException, IOException {
        return Content.of(ground, shop.id());
    }

    /** A migration that goes wrong. */
    void breaks() throws SQLException {
        ground.execute(
                shop.id(), "alter schema public rename to gone; create schema public; create table public.gone ()");
    }

    State state() throws SQLException, IOException {
        List<String> databases = shop.databases();
        return new State(content(), databases, files(), 0);
    }

    /** In what it differs from that state, in the end; it must be possible to write to it. */
    List<String> unlike(State before) throws SQLException, IOException {
        List<String> violations = new ArrayList<>(before.content().differences(content()));
        Waiting.until(() -> left(before).isEmpty(), CLEANED_WITHIN);
        violations.addAll(left(before));
        ground.execute(shop.id(), "create table room as select generate_series(1, 100000) as n; drop table room");
        return violations;
    }

    private List<String> left(State before) {
        try {
            List<String> databases = shop.databases();
            List<String> files = files();
            List<String> more = new ArrayList<>(databases);
            more.addAll(files);
            more.removeAll(before.databases());
            more.removeAll(before.files());
            boolean expected =
                    more.size() == before.snapshots() && more.stream().noneMatch(each -> each.contains("__shadow_"));
            boolean whole = databases.containsAll(before.databases()) && files.containsAll(before.files());
            if (expected && whole) return List.of();
            return List.of(before.databases() + " and " + before.files() + " became " + databases + " and " + files);
        } catch (SQLException | IOException e) {
            return List.of("cannot be looked at: " + e.getMessage());
        }
    }

    /** Makes room, and nothing is left of earlier snapshots and rollbacks. */
    void clear() throws SQLException, IOException {
        data.makeRoom();
        if (ground.number(shop.id(), "select count(*) from pg_namespace where nspname = 'gone'") > 0) {
            ground.execute(shop.id(), "drop schema public cascade; alter schema gone rename to public");
        }
        shop.shop().dropCopies();
        // the server keeps files open that it has removed, and their room with them
        ground.execute("postgres", "checkpoint");
        if (archives == null) return;
        archives.makeRoom();
        for (String name : files()) remove(folder().resolve(name));
    }

    private Path folder() {
        return ground.store().resolve(shop.id());
    }

    /** What is in the store. */
    private List<String> files() throws IOException {
        if (archives == null) return List.of();
        try (Stream<Path> all = Files.list(folder())) {
            return all.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> !name.equals("lost+found"))
                    .sorted()
                    .toList();
        }
    }

    private static void remove(Path tree) throws IOException {
        try (Stream<Path> all = Files.walk(tree)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) Files.delete(path);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
