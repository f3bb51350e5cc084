package dev.ripcord.command.bench;

import dev.ripcord.command.CommandFailedException;
import dev.ripcord.command.follow.EventStream;
import dev.ripcord.command.follow.Narrator;
import dev.ripcord.command.follow.Waiting;
import dev.ripcord.command.sample.Books;
import dev.ripcord.command.sample.Ledger;
import dev.ripcord.command.sample.SampleStack;
import dev.ripcord.command.sample.Sessions;
import dev.ripcord.command.sample.Shop;
import dev.ripcord.command.sample.ShopApplication;
import dev.ripcord.command.sample.Size;
import dev.ripcord.command.sample.Writers;
import dev.ripcord.command.stack.DatabasesFile;
import dev.ripcord.command.stack.Stack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Ripcord beside what people do without it: the same data, the same clients, the same machine, one after the other in every
 * repeat, so that what slows one slows all.
 */
final class PeersBench {

    private static final int CLIENTS = 10;
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final Duration BEFORE = Duration.ofMillis(1500);
    private static final Duration AT_LEAST = Duration.ofSeconds(1);

    private final Narrator tell;
    private final int repeats;
    private final List<PeerFigures> figures = new ArrayList<>();

    PeersBench(Narrator tell, int repeats) {
        this.tell = tell;
        this.repeats = repeats;
    }

    List<PeerFigures> figures() {
        return List.copyOf(figures);
    }

    /** Measures all methods that this version has programs for, with a database of each size. */
    void run(Stack stack, int major, List<Size> sizes) throws SQLException, IOException {
        tell.step("Starting PostgreSQL " + major);
        stack.startServers(major);
        Programs programs = new Programs(major);
        boolean archives = programs.installed();
        if (!archives) {
            tell.step("left out with PostgreSQL " + major
                    + ": pg_dump and the archive form, whose programs of this version are not installed");
        }
        tell.step(
                installed("pgbackrest")
                        ? "left out: pgBackRest, which this benchmark does not drive"
                        : "left out: pgBackRest, which is not installed");
        List<List<Peer>> bySize = new ArrayList<>();
        List<Map<String, Object>> entries = new ArrayList<>();
        for (Size size : sizes) {
            bySize.add(peers(stack, size, programs, entries));
        }
        DatabasesFile.write(stack.folder().databases(), entries, SampleStack.channels(stack));
        stack.startServices();
        EventStream events = stack.with(EventStream.follow(stack.bootstrapServers(), seen -> {}));
        stack.with(ShopApplication.start(
                SampleStack.shop(stack, "clone0"), stack.ports().application()));
        for (int place = 0; place < sizes.size(); place++) {
            List<Peer> peers = new ArrayList<>(bySize.get(place));
            peers.add(new RolledBack(stack, events, SampleStack.shop(stack, "clone" + place), "clone"));
            if (archives)
                peers.add(new RolledBack(stack, events, SampleStack.shop(stack, "archive" + place), "archive"));
            measure(peers, stack.postgres().version());
        }
    }

    /** Those without Ripcord; and what Ripcord works on is made and enrolled. */
    private List<Peer> peers(Stack stack, Size size, Programs programs, List<Map<String, Object>> entries)
            throws SQLException {
        int place = entries.size();
        int number = programs.installed() ? place / 2 : place;
        Pristine pristine = new Pristine(SampleStack.shop(stack, "pristine" + number)).made(size);
        Shop byHand = SampleStack.shop(stack, "byhand" + number);
        Path folder = stack.folder().root().resolve("dumps-" + number);
        List<Peer> peers = new ArrayList<>();
        enrol(stack, pristine, "clone" + number, Map.of("form", "clone", "endSessions", true), false, entries);
        if (programs.installed()) {
            String store = stack.folder().root().resolve("store").toString();
            enrol(stack, pristine, "archive" + number, Map.of("form", "archive", "store", store), true, entries);
            peers.add(new Dumped(byHand, pristine, programs, folder, false));
            peers.add(new Dumped(byHand, pristine, programs, folder, true));
        }
        peers.add(new Swapped(byHand, pristine));
        return peers;
    }

    private static void enrol(
            Stack stack,
            Pristine pristine,
            String name,
            Map<String, Object> form,
            boolean archive,
            List<Map<String, Object>> entries)
            throws SQLException {
        Shop shop = SampleStack.shop(stack, name);
        pristine.into(shop);
        Map<String, Object> entry = SampleStack.entry(stack, shop, false, archive);
        entry.put("snapshot", form);
        entries.add(entry);
    }

    private void measure(List<Peer> peers, String version) throws SQLException, IOException {
        List<PeerSeries> all = peers.stream().map(PeerSeries::new).toList();
        peers.getLast().reset();
        long bytes = peers.getLast().shop().bytes();
        tell.step("PostgreSQL " + version + ", " + (bytes >> 20) + " MB, " + repeats + " repeats, " + CLIENTS
                + " clients");
        for (int repeat = 1; repeat <= repeats; repeat++) {
            for (PeerSeries series : all) round(series, Integer.toString(repeat));
        }
        tell.plain("");
        tell.plain(PeerSeries.HEADER);
        all.forEach(series -> tell.plain(series.line()));
        tell.plain("");
        all.forEach(series -> figures.add(series.figures(version, bytes)));
    }

    private void round(PeerSeries series, String round) throws SQLException, IOException {
        Peer peer = series.peer;
        peer.reset();
        Ledger ledger;
        try (Writers writers = Writers.start(peer.shop(), Sessions.own(peer.shop()), CLIENTS)) {
            ledger = writers.ledger();
            allWrite(ledger, peer);
            Instant quiet = Instant.now();
            pauseUntil(quiet.plus(BEFORE));
            Instant asked = Instant.now();
            Peer.Snapshot snapshot = peer.snapshot(round);
            pauseUntil(asked.plus(AT_LEAST));
            Instant taken = Instant.now();
            series.snapshot.add(snapshot.millis());
            series.gate.add(snapshot.waitMillis());
            series.bytes.add(snapshot.bytes());
            series.throughput.add(Load.rate(ledger, asked, taken) / Load.rate(ledger, quiet, asked));
            series.p99.add(Load.p99(ledger, asked, taken));
            peer.settle(round);
            peer.shop().migrateBadly();
            allWrite(ledger, peer);
            Instant decided = Instant.now();
            peer.restore(round);
            Instant back = Instant.now();
            allWrite(ledger, peer);
            series.restore.add(Duration.between(decided, back).toNanos() / 1e6);
            ledger.longestGaps(decided, back).forEach(gap -> series.outage.add(gap.toNanos() / 1e6));
        }
        series.lost.add(lost(peer, ledger));
        peer.tidy();
        tell.step(String.format(
                Locale.ROOT,
                "%s, repeat %s: snapshot %.0f ms, restore %.0f ms, longest outage so far %.0f ms",
                peer.name(),
                round,
                series.snapshot.values().getLast(),
                series.restore.values().getLast(),
                series.outage.worst()));
    }

    private static long lost(Peer peer, Ledger ledger) throws SQLException {
        Set<Ledger.Key> there = new HashSet<>(Books.keys(peer.shop()));
        if (peer.kept().isPresent())
            there.addAll(Books.keptKeys(peer.shop(), peer.kept().get()));
        return ledger.entries().stream()
                .filter(entry -> entry.acknowledged() && !there.contains(entry.key()))
                .count();
    }

    private static void allWrite(Ledger ledger, Peer peer) {
        Instant now = Instant.now();
        boolean all = Waiting.until(() -> ledger.clients() == CLIENTS && ledger.everyClientSucceededSince(now), LIMIT);
        if (!all) throw new CommandFailedException(peer.name() + ": not every client got through any more");
    }

    private static void pauseUntil(Instant moment) {
        Waiting.until(() -> !Instant.now().isBefore(moment), LIMIT);
    }

    private static boolean installed(String program) {
        return List.of("/usr/bin", "/usr/local/bin").stream()
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }
}
