package dev.ripcord.rollback.alert;

import dev.ripcord.databases.Databases;
import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.databases.Intake;
import dev.ripcord.delivery.Ledger;
import dev.ripcord.delivery.Tasks;
import dev.ripcord.rollback.decision.Signal;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Writes alerts down, those of many senders in one transaction: a storm costs as many commits as the disk can do, and no
 * more memory than {@value #MOST_WAITING} alerts. Whoever waits is answered when his are on disk.
 */
@ApplicationScoped
class AlertWriter {

    private static final Logger LOG = Logger.getLogger(AlertWriter.class);
    private static final int MOST_WAITING = 20_000;
    private static final int AT_ONCE = 500;
    private static final Duration LONGEST = Duration.ofSeconds(5);
    private static final Duration SWEEP = Duration.ofSeconds(5);

    private static final Set<String> SIGNALS =
            Arrays.stream(Signal.values()).map(Signal::name).collect(Collectors.toSet());

    private final Databases databases;
    private final Tasks tasks;
    private final AlertBook book;
    private final BlockingQueue<Post> posts = new LinkedBlockingQueue<>();
    private final Semaphore room = new Semaphore(MOST_WAITING);
    private volatile boolean running = true;

    AlertWriter(Databases databases, Tasks tasks, AlertBook book) {
        this.databases = databases;
        this.tasks = tasks;
        this.book = book;
    }

    private record Post(List<Line> lines, CompletableFuture<Void> written) {}

    private record Line(String key, String intake, String database, Alert alert, String signal) {}

    /** What came of handing alerts in. */
    enum Taken {
        written,
        overloaded,
        unavailable
    }

    void start(@Observes StartupEvent event) {
        Thread.ofVirtual().name("alerts").start(this::writeAsTheyCome);
        Thread.ofVirtual().name("alerts-sweep").start(this::sweepNowAndThen);
    }

    void stop(@Observes ShutdownEvent event) {
        running = false;
    }

    /** Writes alerts; when this says so they are on disk. */
    Taken take(Intake intake, List<Alert> alerts) {
        List<Line> lines =
                alerts.stream().flatMap(alert -> lines(intake, alert).stream()).toList();
        if (lines.isEmpty()) return Taken.written;
        if (!room.tryAcquire(places(lines))) return Taken.overloaded;
        Post post = new Post(lines, new CompletableFuture<>());
        posts.add(post);
        try {
            post.written().get(LONGEST.toMillis(), TimeUnit.MILLISECONDS);
            return Taken.written;
        } catch (TimeoutException e) {
            return Taken.overloaded;
        } catch (ExecutionException e) {
            return Taken.unavailable;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Taken.unavailable;
        }
    }

    /** One body of alerts that are about many databases has room alone, and would have none otherwise. */
    private static int places(List<Line> lines) {
        return Math.min(lines.size(), MOST_WAITING);
    }

    /** One for each database that the alert is about, or one for none. */
    private List<Line> lines(Intake intake, Alert alert) {
        List<Line> lines = databases.databases().stream()
                .filter(database -> alert.carries(database.alerts().match()))
                .map(database -> new Line(
                        alert.key(intake.id(), database.id()),
                        intake.id(),
                        database.id(),
                        alert,
                        signal(database, alert)))
                .toList();
        if (!lines.isEmpty()) return lines;
        return List.of(new Line(alert.key(intake.id(), ""), intake.id(), "", alert, Signal.noneGiven.name()));
    }

    private static String signal(EnrolledDatabase database, Alert alert) {
        String configured = database.alerts().signals().get(alert.name());
        String said = configured != null ? configured : alert.labels().getOrDefault("signal", "");
        return SIGNALS.contains(said) ? said : Signal.noneGiven.name();
    }

    private void writeAsTheyCome() {
        while (running) {
            List<Post> batch = new ArrayList<>();
            try {
                Post first = posts.poll(1, TimeUnit.SECONDS);
                if (first == null) continue;
                int lines = first.lines().size();
                batch.add(first);
                while (lines < AT_ONCE) {
                    Post next = posts.poll();
                    if (next == null) break;
                    batch.add(next);
                    lines += next.lines().size();
                }
                write(batch);
                batch.forEach(post -> post.written().complete(null));
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException | OutOfMemoryError e) {
                LOG.warnf("Alerts cannot be written: %s", e.getMessage());
                batch.forEach(post -> post.written().completeExceptionally(e));
            } finally {
                room.release(
                        batch.stream().mapToInt(post -> places(post.lines())).sum());
            }
        }
    }

    private void write(List<Post> batch) {
        Map<String, Line> once = new LinkedHashMap<>();
        for (Post post : batch) post.lines().forEach(line -> once.merge(line.key(), line, AlertWriter::last));
        tasks.record(ledger -> {
            Set<String> concerned = insert(once.values(), ledger);
            concerned.forEach(database -> look(database, ledger));
            return concerned;
        });
    }

    /** What is over stays over, in whatever order it is told; only one whose beginning nobody tells may begin anew. */
    private static Line last(Line earlier, Line later) {
        boolean over = !earlier.alert().firing() && !earlier.alert().startsAt().equals(Instant.EPOCH);
        return over ? earlier : later;
    }

    /** The databases of which something changed. */
    private static Set<String> insert(Collection<Line> lines, Ledger ledger) {
        return ledger
                .query(
                        """
                        insert into alert (key, intake, database_id, group_key, fingerprint, name, starts_at, labels, summary, signal, resolved_at, verdict, reason)
                        select key, intake, database_id, group_key, fingerprint, name, starts_at, labels::jsonb, summary, signal, case when not firing then now() end,
                               case when database_id = '' then 'recorded' end, case when database_id = '' then 'no database''s alerts.match fits its labels' end
                          from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::timestamptz[], $8::text[], $9::text[], $10::text[], $11::bool[])
                            as each(key, intake, database_id, group_key, fingerprint, name, starts_at, labels, summary, signal, firing)
                        on conflict (key) do update set resolved_at = excluded.resolved_at,
                               received_at = case when excluded.resolved_at is null then now() else alert.received_at end,
                               verdict = case when excluded.resolved_at is null then excluded.verdict else alert.verdict end
                         where (alert.resolved_at is null) <> (excluded.resolved_at is null) and (excluded.resolved_at is not null or alert.starts_at = 'epoch')
                        returning database_id""",
                        texts(lines, Line::key),
                        texts(lines, Line::intake),
                        texts(lines, Line::database),
                        texts(lines, line -> line.alert().group()),
                        texts(lines, line -> line.alert().fingerprint()),
                        texts(lines, line -> line.alert().name()),
                        lines.stream()
                                .map(line -> line.alert().startsAt().atOffset(ZoneOffset.UTC))
                                .toArray(OffsetDateTime[]::new),
                        texts(
                                lines,
                                line -> new JsonObject(Map.copyOf(line.alert().labels())).encode()),
                        texts(lines, line -> line.alert().summary()),
                        texts(lines, Line::signal),
                        lines.stream().map(line -> line.alert().firing()).toArray(Boolean[]::new))
                .stream()
                .map(row -> row.getString("database_id"))
                .filter(database -> !database.isEmpty())
                .collect(Collectors.toSet());
    }

    private static String[] texts(Collection<Line> lines, Function<Line, String> text) {
        return lines.stream().map(text).toArray(String[]::new);
    }

    /** Has somebody look at the alerts of a database: whoever looks already, or a new task. */
    private static boolean look(String database, Ledger ledger) {
        ledger.wakeAll(AlertProcedure.KIND, database);
        return ledger.start(AlertProcedure.KIND, UUID.randomUUID().toString(), database, new AlertState.Gathering(""));
    }

    private void sweepNowAndThen() {
        Instant forgotten = Instant.EPOCH;
        while (running) {
            try {
                Thread.sleep(SWEEP);
                for (String database : book.forgotten()) tasks.record(ledger -> look(database, ledger));
                if (forgotten.plus(Duration.ofHours(1)).isBefore(Instant.now())) {
                    book.forgetOld();
                    forgotten = Instant.now();
                }
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException | OutOfMemoryError e) {
                LOG.warnf("Cannot look for forgotten alerts, will try again: %s", e.getMessage());
            }
        }
    }
}
