package dev.ripcord.rollback.plan;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.ripcord.databases.DatabaseFailure;
import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.databases.Identity;
import dev.ripcord.databases.PgSession;
import dev.ripcord.events.KafkaBinding;
import dev.ripcord.events.Manifest;
import dev.ripcord.events.Plan;
import dev.ripcord.events.Script;
import dev.ripcord.events.TableLoss;
import dev.ripcord.rollback.core.Request;
import dev.ripcord.rollback.core.RollbackState.Planning;
import dev.ripcord.rollback.core.Rung;
import dev.ripcord.rollback.core.Target;
import dev.ripcord.rollback.method.Draft;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finds out what a rollback would do and lose; changes nothing and takes no lock that a writer would notice. */
@ApplicationScoped
public class Planner {

    private static final Duration PER_TABLE = Duration.ofSeconds(2);

    private final Vertx vertx;

    Planner(Vertx vertx) {
        this.vertx = vertx;
    }

    /**
     * The plan of a request.
     *
     * @param manifest of the snapshot that the live database is held against, null where there is none
     * @param warm whether the copy is ready
     * @param estimatedOutageMillis from this database's own history
     */
    public Plan plan(
            EnrolledDatabase database,
            Request request,
            Target target,
            Identity identity,
            @Nullable Manifest manifest,
            boolean warm,
            long estimatedOutageMillis) {
        Plan unhashed = new Plan(
                request.undoes() == null ? "full" : "undo",
                target.snapshot(),
                target.takenAt(),
                true,
                warm,
                manifest == null ? List.of() : loss(database, manifest),
                estimatedOutageMillis,
                database.approval().name(),
                word(database),
                List.of(),
                List.of(),
                "");
        return unhashed.hashed(hash(request, unhashed, identity));
    }

    /** The plan of a restore on the second server: the database itself is left alone, so nothing is lost in it. */
    public Plan elsewhere(EnrolledDatabase database, Planning state, Identity identity, List<String> steps) {
        Plan unhashed = new Plan(
                state.rung().name(),
                state.target().snapshot(),
                state.target().takenAt(),
                true,
                false,
                List.of(),
                0,
                database.approval().name(),
                word(database),
                steps,
                List.of(),
                "");
        return unhashed.hashed(hash(state.request(), unhashed, identity));
    }

    /** The plan of a database that is built anew: every row is lost, and no policy approves it in a person's place. */
    public Plan rebuild(EnrolledDatabase database, Planning state, Identity identity, long estimatedOutageMillis) {
        Target target = state.target();
        List<Script> scripts = target.scripts() == null ? List.of() : target.scripts();
        Plan unhashed = new Plan(
                state.rung().name(),
                target.snapshot(),
                target.takenAt(),
                false,
                false,
                loss(database, Map.of()),
                estimatedOutageMillis,
                EnrolledDatabase.Approval.word.name(),
                EnrolledDatabase.REBUILD_WORD,
                scripts.stream()
                        .map(script -> "run " + script.name() + " (SHA-256 " + script.sha256() + ")")
                        .toList(),
                List.of(),
                "");
        return unhashed.hashed(hash(state.request(), unhashed, identity));
    }

    /** The plan of a method that leaves the database where it stands, from what the method has found out. */
    public Plan inPlace(EnrolledDatabase database, Planning state, Identity identity, Draft.Ready draft) {
        List<Rung> ladder = state.request().ladder();
        Plan unhashed = new Plan(
                state.rung().name(),
                state.target().snapshot(),
                state.target().takenAt(),
                true,
                true,
                draft.loss(),
                0,
                database.approval().name(),
                word(database),
                draft.steps(),
                ladder.subList(state.step() + 1, ladder.size()).stream()
                        .map(Rung::name)
                        .toList(),
                "");
        return unhashed.hashed(hash(state.request(), unhashed, identity));
    }

    private static @Nullable String word(EnrolledDatabase database) {
        return database.approval() == EnrolledDatabase.Approval.word ? EnrolledDatabase.WORD : null;
    }

    /** Rows per table that are more, or fewer, than in the snapshot: an estimate, since an updated row does not show. */
    private List<TableLoss> loss(EnrolledDatabase database, Manifest manifest) {
        Map<String, Long> then = manifest.tables().stream()
                .filter(table -> table.kind().equals("table") || table.kind().equals("unlogged"))
                .collect(Collectors.toMap(Manifest.Table::name, Manifest.Table::rows));
        return loss(database, then);
    }

    private List<TableLoss> loss(EnrolledDatabase database, Map<String, Long> then) {
        Map<String, Long> live = liveRows(database);
        Map<String, TableLoss> loss = new TreeMap<>();
        live.forEach((table, rows) -> {
            long more = rows - then.getOrDefault(table, 0L);
            if (more != 0) loss.put(table, new TableLoss(table, Math.max(0, more), 0, Math.max(0, -more), false));
        });
        then.forEach((table, rows) -> {
            if (!live.containsKey(table) && rows > 0) loss.put(table, new TableLoss(table, 0, 0, rows, false));
        });
        return new ArrayList<>(loss.values());
    }

    private Map<String, Long> liveRows(EnrolledDatabase database) {
        Map<String, Long> rows = new TreeMap<>();
        try (PgSession live = PgSession.open(
                vertx,
                database.server(),
                database.roles().rollback(),
                database.server().database(),
                PER_TABLE)) {
            live.execute("set lock_timeout = '200ms'");
            List<Row> tables = live.query("""
                    select format('%I.%I', n.nspname, c.relname) as name, greatest(c.reltuples, 0)::bigint as about from pg_class c
                      join pg_namespace n on n.oid = c.relnamespace
                     where c.relkind = 'r' and c.relpersistence <> 't' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'""");
            for (Row table : tables) {
                rows.put(table.getString("name"), rows(live, table));
            }
        }
        return rows;
    }

    private static long rows(PgSession live, Row table) {
        try {
            return live.query("select count(*) from only " + table.getString("name"))
                    .getFirst()
                    .getLong(0);
        } catch (DatabaseFailure e) {
            return table.getLong("about");
        }
    }

    private static String hash(Request request, Plan plan, Identity identity) {
        try {
            byte[] facts = KafkaBinding.JSON.writeValueAsBytes(List.of(request, plan, identity));
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(facts));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A plan must be writable as JSON", e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
