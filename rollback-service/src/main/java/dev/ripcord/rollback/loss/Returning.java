package dev.ripcord.rollback.loss;

import dev.ripcord.databases.DatabaseFailure;
import dev.ripcord.databases.PgSession;
import dev.ripcord.events.TableLoss;
import io.vertx.sqlclient.Row;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a restore resurrects, and what it takes away that was allowed since, in sentences. */
public final class Returning {

    private static final String LINES = resource("returning.sql");
    private static final int MOST = 200;

    private Returning() {}

    private record Line(String object, String kind, String name) {}

    /** Everything but rows: rights, policies, switches, jobs. */
    public static List<String> between(PgSession live, PgSession copy) {
        Map<Line, Set<String>> now = lines(live);
        Map<Line, Set<String>> then = lines(copy);
        Set<Line> all = new java.util.TreeSet<>(java.util.Comparator.comparing(Line::object)
                .thenComparing(Line::kind)
                .thenComparing(Line::name));
        all.addAll(now.keySet());
        all.addAll(then.keySet());
        List<String> sentences = new ArrayList<>();
        for (Line line : all) {
            Line there = new Line(line.object(), "exists", "");
            boolean known = line.object().isEmpty() || (now.containsKey(there) && then.containsKey(there));
            if (known && !line.kind().equals("exists")) {
                say(sentences, line, now.getOrDefault(line, Set.of()), then.getOrDefault(line, Set.of()));
            }
        }
        return sentences.size() <= MOST
                ? sentences
                : Stream.concat(
                                sentences.stream().limit(MOST),
                                Stream.of("and " + (sentences.size() - MOST) + " more of this kind"))
                        .toList();
    }

    private static void say(List<String> sentences, Line line, Set<String> now, Set<String> then) {
        if (now.equals(then)) return;
        switch (line.kind()) {
            case "right" -> {
                without(then, now).forEach(who -> sentences.add(line.name() + " is granted to " + who + " again"));
                without(now, then)
                        .forEach(who -> sentences.add(line.name() + ", granted to " + who + " since, is gone"));
            }
            case "job" -> {
                without(then, now).forEach(job -> sentences.add(job + " runs again"));
                without(now, then).forEach(job -> sentences.add(job + ", started since, runs no more"));
            }
            case "policy" ->
                sentences.add(
                        now.isEmpty()
                                ? line.name() + " is there again"
                                : then.isEmpty()
                                        ? line.name() + ", made since, is gone"
                                        : line.name() + " says again what it said");
            default ->
                sentences.add(
                        now.isEmpty()
                                ? line.name() + " is on again"
                                : then.isEmpty()
                                        ? line.name() + ", on since, is off or gone"
                                        : line.name() + " is " + String.join(", ", then) + " again");
        }
    }

    private static List<String> without(Set<String> some, Set<String> others) {
        return some.stream().filter(each -> !others.contains(each)).sorted().toList();
    }

    /** The rows that were deleted since. */
    public static List<String> rows(List<TableLoss> loss) {
        return loss.stream()
                .filter(table -> table.deleted() > 0)
                .map(table -> (table.exact() ? "" : "about ") + table.deleted()
                        + (table.table().equals(LargeObjects.NAME) ? " " : " rows of ") + table.table()
                        + ", deleted since, are there again")
                .toList();
    }

    /** Who is in whose role does not go back: roles belong to the server. */
    public static List<String> memberships(@Nullable String then, String now) {
        if (then == null || then.equals(now)) return List.of();
        Set<String> before = Set.of(then.split(", "));
        Set<String> after = Set.of(now.split(", "));
        Set<String> all = new java.util.TreeSet<>(before);
        all.addAll(after);
        return all.stream()
                .filter(each -> !each.isEmpty() && before.contains(each) != after.contains(each))
                .map(each -> "membership of " + each + (after.contains(each) ? " is new since" : " has ended since")
                        + " and stays so: roles belong to the server, not to the database")
                .toList();
    }

    private static Map<Line, Set<String>> lines(PgSession session) {
        Map<Line, Set<String>> lines = new java.util.HashMap<>();
        for (Row row : session.query(LINES)) {
            lines.computeIfAbsent(
                            new Line(row.getString("object"), row.getString("kind"), row.getString("name")),
                            line -> new HashSet<>())
                    .add(row.getString("state"));
        }
        jobs().forEach((table, query) -> {
            if (session.query("select to_regclass($1)::text", table).getFirst().getString(0) != null) {
                lines.computeIfAbsent(new Line("", "job", table), line -> new HashSet<>())
                        .addAll(jobs(session, query));
            }
        });
        return lines;
    }

    private static List<String> jobs(PgSession session, String query) {
        try {
            return session.query(query).stream().map(row -> row.getString(0)).toList();
        } catch (DatabaseFailure e) {
            return List.of(); // another version of the extension, with other columns
        }
    }

    private static Map<String, String> jobs() {
        Map<String, String> jobs = new TreeMap<>();
        resource("jobs.csv").lines().filter(line -> !line.startsWith("#")).forEach(line -> {
            int end = line.indexOf(';');
            jobs.put(line.substring(0, end), line.substring(end + 1));
        });
        return jobs;
    }

    private static String resource(String name) {
        try (InputStream resource = Returning.class.getResourceAsStream(name)) {
            if (resource == null) throw new IllegalStateException(name + " is missing from the jar");
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(name + " cannot be read", e);
        }
    }
}
