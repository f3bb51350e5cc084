package dev.ripcord.command.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * All that a run came to.
 *
 * @param command how it was started
 * @param seconds it took
 * @param calm what was seen of other programs on the machine
 * @param notes what was left out, and why
 */
public record Report(
        String command,
        long seconds,
        Machine machine,
        List<String> calm,
        boolean noisy,
        List<String> notes,
        List<PeerFigures> figures,
        List<SuiteFigures> suites) {

    public Report {
        calm = List.copyOf(calm);
        notes = List.copyOf(notes);
        figures = List.copyOf(figures);
        suites = List.copyOf(suites);
    }

    /** Methods of one version with one number of clients, over the sizes. */
    record Group(String version, int clients) {

        String title() {
            return "PostgreSQL " + version + ", " + clients + " clients";
        }
    }

    /** How the outage of each method grows; nothing where there is one size only. */
    public List<String> fits() {
        List<String> lines = new ArrayList<>();
        for (Group group : groups()) {
            List<PeerFigures> all = of(group);
            for (String method :
                    all.stream().map(PeerFigures::method).distinct().toList()) {
                Fit.of(all.stream()
                                .filter(each -> each.method().equals(method))
                                .flatMap(each -> each.each().stream())
                                .toList())
                        .ifPresent(fit -> lines.add(group.title() + ", " + method + ": outage " + fit));
            }
        }
        return lines;
    }

    /** One plot of outages for each size and number of clients. */
    public List<Bars> bars() {
        List<List<PeerFigures>> alike = new ArrayList<>();
        for (PeerFigures each : figures) {
            alike.stream()
                    .filter(others -> comparable(others.getFirst(), each))
                    .findFirst()
                    .orElseGet(() -> {
                        List<PeerFigures> fresh = new ArrayList<>();
                        alike.add(fresh);
                        return fresh;
                    })
                    .add(each);
        }
        return alike.stream()
                .map(all -> Bars.of(
                        Axis.size(all.getFirst().bytes()) + ", "
                                + all.getFirst().clients() + " clients",
                        all))
                .toList();
    }

    /** The same data takes a little more or less room with another version. */
    private static boolean comparable(PeerFigures one, PeerFigures other) {
        double ratio = (double) one.bytes() / other.bytes();
        return one.clients() == other.clients() && ratio > 0.8 && ratio < 1.25;
    }

    /** Every figure. */
    public List<Row> rows() {
        return figures.stream().map(Row::of).toList();
    }

    /** What the services came to. */
    public List<Row> services() {
        return suites.stream()
                .flatMap(suite -> suite.services().stream().map(service -> Row.of(suite, service)))
                .toList();
    }

    /**
     * Plots over the sizes, one for each version and number of clients.
     *
     * @param text what they show
     */
    public record BySize(String title, String text, List<Curves> plots) {}

    /** Restore times, and outages with the line through them. */
    public List<BySize> bySize() {
        return List.of(
                new BySize(
                        "Time to go back, by size",
                        "From deciding to go back until it is done; with Ripcord until the outcome is verified."
                                + " Every repeat is a point, the line joins the medians.",
                        plots(PeerRepeat::restoreMillis, false)),
                new BySize(
                        "Outage, by size",
                        "The line through the points is the straight one with the least squares; what it says is below"
                                + " the name. Of one size there is none.",
                        plots(PeerRepeat::outageMillisMedian, true)));
    }

    private List<Curves> plots(ToDoubleFunction<PeerRepeat> figure, boolean fitted) {
        return groups().stream()
                .map(group -> Curves.of(group.title(), of(group), figure, fitted))
                .toList();
    }

    private List<Group> groups() {
        return figures.stream()
                .map(each -> new Group(each.postgresVersion(), each.clients()))
                .distinct()
                .toList();
    }

    private List<PeerFigures> of(Group group) {
        return figures.stream()
                .filter(each ->
                        each.clients() == group.clients() && Objects.equals(each.postgresVersion(), group.version()))
                .toList();
    }

    /** The machine, and what was seen on it. */
    public List<String> surroundings() {
        return Stream.of(machine.lines(), calm, notes).flatMap(List::stream).toList();
    }
}
