package dev.ripcord.command.bench;

import dev.ripcord.command.CommandFailedException;
import dev.ripcord.command.bench.report.Report;
import dev.ripcord.command.demo.StartRecording;
import dev.ripcord.command.follow.Narrator;
import dev.ripcord.command.sample.Size;
import dev.ripcord.command.stack.Service;
import dev.ripcord.command.stack.Stack;
import dev.ripcord.command.stack.TemporaryStack;
import dev.ripcord.embedded.ServiceProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ripcord bench}. */
@Command(
        name = "bench",
        description = "Measures Ripcord on this machine beside dumps and swaps by hand, with the same data and clients."
                + " With --rollbacks: the gate beside a copy by hand, the outage that ten reconnecting clients"
                + " see, the time from request to outcome, the services' start and memory. With --methods: the"
                + " ways back that leave the database in place, each beside the runbook's.")
public final class BenchCommand implements Callable<Integer> {

    private static final Duration QUICK = Duration.ofSeconds(170);

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--methods",
            description =
                    "Partial restore of a 100 MB table and schema rollback of 50 objects, beside the runbook's way")
    private boolean methods;

    @Option(
            names = "--channels",
            arity = "0..1",
            fallbackValue = "10000",
            paramLabel = "EVENTS",
            description = "A backlog of so many events, 10000 where no number is given, told to channels in order")
    private @Nullable Integer channels;

    @Option(
            names = "--alerts",
            description =
                    "From an alert to the rollback's request on Kafka, and 1000 alerts a second for 30 s: what is lost, and the memory")
    private boolean alerts;

    @Option(names = "--quick", description = "The comparison with a small database, fitted to three minutes")
    private boolean quick;

    @Option(names = "--sizes", split = ",", paramLabel = "SIZE", description = "Of the comparison; 100MB")
    private @Nullable List<Size> sizes;

    @Option(
            names = "--postgres",
            split = ",",
            paramLabel = "MAJOR",
            description = "Versions of the comparison, of 15 and 18; both")
    private List<Integer> majors = List.of(15, 18);

    @Option(names = "--repeats", description = "Of the comparison, ${DEFAULT-VALUE}", defaultValue = "3")
    private int repeats = 3;

    @Option(
            names = "--clients",
            split = ",",
            paramLabel = "NUMBER",
            description = "That write during the comparison; several numbers are measured one after the other; 10")
    private List<Integer> clients = List.of(10);

    @Option(
            names = "--csv",
            paramLabel = "FILE",
            description = "Write every repeat of the comparison there, one a line")
    private @Nullable Path csv;

    @Option(names = "--html", paramLabel = "FILE", description = "Write the comparison there as a page with plots")
    private @Nullable Path html;

    @Option(
            names = "--rollbacks",
            description = "How many, of the gate's and the swap's own figures; with --methods 3 of each")
    private @Nullable Integer rollbacks;

    @Option(names = "--size", description = "Size of the sample database; 100MB, with --methods 10MB besides the table")
    private @Nullable Size size;

    @Option(names = "--plan", description = "Also measure a plan with its loss statement, before each rollback")
    private boolean plan;

    @Option(
            names = "--json",
            paramLabel = "FILE",
            description = "Write the figures there, as JSON; of the comparison the medians of each method")
    private @Nullable Path file;

    @Override
    public Integer call() {
        StartRecording.ensure(new Narrator(System.out));
        if (channels == null && !alerts && !methods && !plan && rollbacks == null) return compared();
        long needed = methods ? size(10).bytesNeeded() + (2L << 30) : size(100).bytesNeeded();
        return TemporaryStack.use("bench", needed, this::measure);
    }

    private int compared() {
        Comparison comparison = new Comparison(
                sizes != null ? sizes : List.of(size(quick ? 5 : 100)),
                majors,
                repeats,
                clients,
                quick ? Optional.of(QUICK) : Optional.empty(),
                "./ripcord "
                        + String.join(" ", spec.commandLine().getParseResult().originalArgs()));
        Report report = comparison.run(new Narrator(System.out));
        if (file != null) Comparison.writeJson(report, file);
        if (csv != null) Comparison.writeCsv(report, csv);
        if (html != null) Comparison.writeHtml(report, html);
        return 0;
    }

    private Size size(int usual) {
        return size == null ? new Size(usual) : size;
    }

    private int rounds(int usual) {
        return rollbacks == null ? usual : rollbacks;
    }

    private int measure(Stack stack) {
        try {
            Map<String, Object> figures = alerts
                    ? alerts(stack)
                    : channels != null ? channels(stack, channels) : methods ? methods(stack) : whole(stack);
            if (file != null) Comparison.write(file, figures);
            return 0;
        } catch (SQLException e) {
            throw new CommandFailedException("the server refused: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Map<String, Object> whole(Stack stack) throws SQLException, IOException {
        Bench bench = new Bench(stack, new Narrator(System.out), plan);
        bench.run(size(100), rounds(20));
        print(bench, stack);
        return figures(bench, stack);
    }

    private Map<String, Object> channels(Stack stack, int events) throws IOException {
        ChannelsBench bench = new ChannelsBench(stack, new Narrator(System.out));
        bench.run(events);
        System.out.println(bench.lines());
        return bench.figures();
    }

    private Map<String, Object> methods(Stack stack) throws SQLException, IOException {
        MethodsBench bench = new MethodsBench(stack, new Narrator(System.out));
        bench.run(size(10), rounds(3));
        System.out.println(bench.lines());
        return bench.figures();
    }

    private Map<String, Object> alerts(Stack stack) throws SQLException, IOException {
        AlertsBench bench = new AlertsBench(stack, new Narrator(System.out));
        bench.run(Math.min(rounds(AlertsBench.MOST_ROUNDS), AlertsBench.MOST_ROUNDS));
        System.out.println(bench.lines());
        return bench.figures();
    }

    private static void print(Bench bench, Stack stack) {
        System.out.printf(
                Locale.ROOT,
                "%nDatabase of %d MB, %d rollbacks; median and worst in ms%n",
                bench.databaseBytes >> 20,
                bench.closed.values().size());
        line("outage, each client", bench.outage);
        line("outage, longest of ten", bench.longestOutage);
        line("bare swap, each client", bench.bareOutage);
        line("bare swap, longest", bench.longestBareOutage);
        ratio("outage : bare swap", bench.outage, bench.bareOutage);
        line("closed, by the service", bench.closed);
        line("request to outcome", bench.requestToOutcome);
        line("gate", bench.gate);
        line("copy by hand", bench.bare);
        ratio("gate : copy by hand", bench.gate, bench.bare);
        line("proof", bench.proven);
        if (!bench.plan.values().isEmpty()) line("plan with loss statement", bench.plan);
        for (Service service : Service.values()) print(stack.service(service));
        print(stack.kafka());
    }

    private static void print(ServiceProcess process) {
        System.out.printf(
                Locale.ROOT,
                "%-24s%10d ms start, %d MB%n",
                process.name(),
                process.startupMillis(),
                process.residentBytes() >> 20);
    }

    private static void ratio(String what, Series ours, Series bare) {
        System.out.printf(Locale.ROOT, "%-24s%10.2f%n", what, ours.median() / bare.median());
    }

    private static void line(String what, Series series) {
        System.out.printf(Locale.ROOT, "%-24s%10.1f%10.1f%n", what, series.median(), series.worst());
    }

    private static Map<String, Object> figures(Bench bench, Stack stack) {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("databaseBytes", bench.databaseBytes);
        figures.put("outageMillis", bench.outage.values());
        figures.put("longestOutageMillis", bench.longestOutage.values());
        figures.put("bareOutageMillis", bench.bareOutage.values());
        figures.put("outageToBare", bench.outage.median() / bench.bareOutage.median());
        figures.put("closedMillis", bench.closed.values());
        figures.put("requestToOutcomeMillis", bench.requestToOutcome.values());
        figures.put("gateMillis", bench.gate.values());
        figures.put("bareMillis", bench.bare.values());
        figures.put("gateToBare", bench.gate.median() / bench.bare.median());
        figures.put("provenMillis", bench.proven.values());
        figures.put("planMillis", bench.plan.values());
        for (Service service : Service.values()) {
            ServiceProcess process = stack.service(service);
            figures.put(
                    process.name(),
                    Map.of("startMillis", process.startupMillis(), "rssBytes", process.residentBytes()));
        }
        return figures;
    }
}
