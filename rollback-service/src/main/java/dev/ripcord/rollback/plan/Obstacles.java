package dev.ripcord.rollback.plan;

import dev.ripcord.databases.AdminSession;
import dev.ripcord.databases.AdminSession.Obstruction;
import dev.ripcord.databases.Identity;
import dev.ripcord.databases.PgSession;
import dev.ripcord.events.Manifest;
import dev.ripcord.events.Plan.Obstacle;
import dev.ripcord.rollback.swap.Sequences;
import io.vertx.sqlclient.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What stands in the way, or must be looked after: from the server as a whole, and from inside the live database. */
final class Obstacles {

    private static final Map<String, String> EXTENSIONS = PlanResource.pairs("extensions.csv");

    private static final String UNLOGGED = """
            select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
             where c.relpersistence = 'u' and c.relkind = 'r' order by 1""";

    private Obstacles() {}

    /** Those that stop a rollback first. */
    static List<Obstacle> of(AdminSession admin, Identity identity, PgSession live) {
        List<Obstacle> obstacles = new ArrayList<>(onServer(admin, identity, live));
        for (Row row : live.query("select extname::text, extversion from pg_extension order by 1")) {
            String advice = EXTENSIONS.get(row.getString(0));
            if (advice != null) {
                obstacles.add(new Obstacle("extension", row.getString(0) + " " + row.getString(1), advice, false));
            }
        }
        for (Row row : live.query("select pubname::text from pg_publication order by 1")) {
            obstacles.add(new Obstacle(
                    "publication",
                    row.getString(0),
                    "whoever subscribes to it gets nothing more from the restored database: make the subscription anew",
                    false));
        }
        obstacles.sort(java.util.Comparator.comparing(Obstacle::stops).reversed());
        return obstacles;
    }

    /** With the names of relations that are known here alone. */
    static List<Obstacle> onServer(AdminSession admin, Identity identity, PgSession live) {
        return admin.obstructions(identity).stream()
                .map(found -> named(found, live))
                .toList();
    }

    private static Obstacle named(Obstruction found, PgSession live) {
        Obstacle obstacle = found.obstacle();
        if (found.relations().isEmpty()) return obstacle;
        Long[] oids = found.relations().toArray(Long[]::new);
        String names = live
                .query(
                        "select distinct coalesce(i.indrelid, c.oid)::regclass::text as name from pg_class c left join pg_index i on i.indexrelid = c.oid"
                                + " where c.oid = any ($1::bigint[]::oid[]) and c.relkind <> 't' order by 1",
                        (Object) oids)
                .stream()
                .map(row -> row.getString(0))
                .collect(Collectors.joining(", "));
        return new Obstacle(
                obstacle.kind(),
                obstacle.what().replace("{relations}", names.isEmpty() ? "what it has made itself" : names),
                obstacle.advice(),
                obstacle.stops());
    }

    /**
     * Sequences of another role than enrolment knew.
     *
     * @param back what comes back, or the live database where that is not there yet
     */
    static Optional<Obstacle> sequences(PgSession back) {
        return Sequences.outOfReach(back)
                .map(names -> new Obstacle(
                        "sequence",
                        Sequences.mayRepeat(names),
                        "note where they stand and set them after the rollback; ripcord enrol gives the right to the next snapshot",
                        false));
    }

    /**
     * Unlogged tables that had rows at the snapshot and have none in its copy: the server has crashed since, which empties
     * them everywhere.
     */
    static Optional<Obstacle> emptied(PgSession copy, Manifest manifest) {
        Set<String> filled = manifest.tables().stream()
                .filter(table -> table.rows() > 0)
                .map(Manifest.Table::name)
                .collect(Collectors.toSet());
        List<String> names = copy.query(UNLOGGED).stream()
                .map(row -> row.getString("name"))
                .filter(filled::contains)
                .filter(name -> copy.query("select 1 from " + name + " limit 1").isEmpty())
                .toList();
        return names.isEmpty()
                ? Optional.empty()
                : Optional.of(new Obstacle(
                        "unlogged table",
                        "a crash of the server since the snapshot has emptied, in its copy too: "
                                + String.join(", ", names),
                        "fill them after the rollback from where their rows came from",
                        false));
    }

    /** What the copies take; PostgreSQL cannot tell how much room there is. */
    static Obstacle diskSpace(PgSession live, boolean copyIsThere) {
        Row row = live.query("""
                        select pg_database_size(current_database()) as bytes, (select spcname::text from pg_tablespace where oid = dattablespace) as tablespace
                          from pg_database where datname = current_database()""").getFirst();
        long bytes = row.getLong("bytes");
        int copies = copyIsThere ? 1 : 2;
        String formula = copyIsThere
                ? "one copy of " + bytes + " bytes to count the loss with afterwards"
                : bytes + " bytes for the copy that comes back + as many for one to count the loss with afterwards";
        return new Obstacle(
                "disk space",
                bytes * copies + " bytes in tablespace " + row.getString("tablespace") + ": " + formula,
                "see that so much is free there; the database that failed is kept and takes what it takes now",
                false);
    }
}
