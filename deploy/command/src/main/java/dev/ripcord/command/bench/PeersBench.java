package dev.ripcord.command.bench;

import dev.ripcord.command.bench.report.PeerFigures;
import dev.ripcord.command.bench.report.PeerRepeat;
import dev.ripcord.command.bench.report.SuiteFigures;
import dev.ripcord.command.follow.EventStream;
import dev.ripcord.command.follow.Narrator;
import dev.ripcord.command.sample.SampleStack;
import dev.ripcord.command.sample.ShopApplication;
import dev.ripcord.command.sample.Size;
import dev.ripcord.command.stack.DatabasesFile;
import dev.ripcord.command.stack.Stack;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Ripcord beside what people do without it: the same data, the same clients, the same machine, one after the other in every
 * repeat, so that what slows one slows all.
 */
final class PeersBench {

    private final Narrator tell;
    private final Calm calm;
    private final int repeats;
    private final List<Integer> clients;
    private final Duration quiet;
    private final EventsBench.Amount amount;
    private final List<PeerFigures> figures = new ArrayList<>();
    private final List<SuiteFigures> suites = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private long until = Long.MAX_VALUE;

    /**
     * One run.
     *
     * @param clients how many write, one number after the other
     * @param quiet how long they are watched before each snapshot
     * @param amount of events
     */
    PeersBench(
            Narrator tell, Calm calm, int repeats, List<Integer> clients, Duration quiet, EventsBench.Amount amount) {
        this.tell = tell;
        this.calm = calm;
        this.repeats = repeats;
        this.clients = List.copyOf(clients);
        this.quiet = quiet;
        this.amount = amount;
    }

    /** No repeat but the first is begun that would not be done by that time of {@link System#nanoTime()}. */
    void until(long nanos) {
        until = nanos;
    }

    List<PeerFigures> figures() {
        return List.copyOf(figures);
    }

    /** Of the services, one for each version. */
    List<SuiteFigures> suites() {
        return List.copyOf(suites);
    }

    /** What was left out, and why. */
    List<String> notes() {
        return List.copyOf(notes);
    }

    /** Measures all methods that this version has programs for, with a database of each size. */
    void run(Stack stack, int major, List<Size> sizes) throws SQLException, IOException {
        tell.step("Starting PostgreSQL " + major);
        int most = clients.stream().mapToInt(Integer::intValue).max().orElseThrow();
        stack.startServers(major, Contestants.settings(most));
        Contestants contestants = new Contestants(stack, major, most, this::note);
        List<Contestants.Prepared> prepared = new ArrayList<>();
        for (Size size : sizes) {
            tell.step("Making the data: " + size);
            prepared.add(contestants.prepare(size));
        }
        DatabasesFile.write(stack.folder().databases(), contestants.entries(), SampleStack.channels(stack));
        stack.startServices();
        EventStream events = stack.with(EventStream.follow(stack.bootstrapServers(), seen -> {}));
        stack.with(ShopApplication.start(
                SampleStack.shop(stack, contestants.application()),
                stack.ports().application()));
        for (Contestants.Prepared each : prepared) {
            for (int number : clients) measure(contestants.all(each, events), each.bytes(), number, stack);
        }
        suites.add(new SuiteBench(stack, tell, amount).measure(contestants.application()));
    }

    private void measure(List<Peer> peers, long bytes, int number, Stack stack) throws SQLException, IOException {
        String version = stack.postgres().version();
        tell.plain("");
        tell.step("PostgreSQL " + version + ", " + (bytes >> 20) + " MB, " + repeats + " repeats, " + number
                + " clients");
        List<List<PeerRepeat>> done =
                peers.stream().<List<PeerRepeat>>map(peer -> new ArrayList<>()).toList();
        long longest = 0;
        for (int repeat = 1; repeat <= repeats; repeat++) {
            long began = System.nanoTime();
            if (repeat > 1 && began + longest > until) {
                note("only " + (repeat - 1) + " of " + repeats + " repeats with PostgreSQL " + version
                        + ": this machine was too slow for more within the time");
                break;
            }
            for (int place = 0; place < peers.size(); place++) {
                calm.look();
                PeerRepeat measured = new PeerRound(peers.get(place), version, bytes, number, quiet).measure(repeat);
                done.get(place).add(measured);
                tell.step(String.format(
                        Locale.ROOT,
                        "%d of %d, %s: snapshot %.0f ms, restore %.0f ms, outage %.0f ms, longest %.0f ms",
                        repeat,
                        repeats,
                        measured.method(),
                        measured.snapshotMillis(),
                        measured.restoreMillis(),
                        measured.outageMillisMedian(),
                        measured.outageMillisMax()));
            }
            longest = Math.max(longest, System.nanoTime() - began);
        }
        List<PeerFigures> here = done.stream().map(PeerFigures::of).toList();
        new PeerTable(here).lines().forEach(tell::plain);
        figures.addAll(here);
    }

    /** Something was left out. */
    void note(String note) {
        tell.step(note);
        if (!notes.contains(note)) notes.add(note);
    }
}
