package dev.ripcord.rollback.method.schema;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Finds what a migration renamed, so that the values stay where they are. In a copy of the files a table keeps its
 * object id and a column its number, and nothing else tells: in a restored archive what is gone and what was made may be
 * one and the same, or not, and nobody guesses.
 */
final class Renames {

    private static final Pattern QUALIFIED = Pattern.compile("((?:\"(?:[^\"]|\"\")*+\"|[^\".]+))\\.(.+)");

    private final Structure copy;
    private final List<Refusal> refusals;
    private final List<Change> changes = new ArrayList<>();
    private Structure live;

    private Renames(Structure live, Structure copy, List<Refusal> refusals) {
        this.live = live;
        this.copy = copy;
        this.refusals = refusals;
    }

    record Found(Structure live, List<Change> changes) {}

    static Found in(Structure live, Structure copy, List<Refusal> refusals) {
        Renames renames = new Renames(live, copy, refusals);
        renames.tables();
        renames.columns();
        renames.notNulls();
        return new Found(renames.live, renames.changes);
    }

    private void tables() {
        boolean sameFiles = live.parts().values().stream()
                .filter(part -> part.is("table"))
                .anyMatch(part -> sameObject(part, copy.part(part.key())));
        List<Part> made = only(live, copy);
        for (Part before : only(copy, live)) {
            for (Part now : made) {
                if (sameObject(now, before)) rename(now, before);
                else if (!sameFiles && alike(now, before)) refusals.add(new Refusal(before.key(), mayBe(now.key())));
            }
        }
    }

    private static boolean sameObject(Part now, @Nullable Part before) {
        return before != null && now.addr().equals(before.addr());
    }

    private static String mayBe(String now) {
        return now + " may be this one under another name, and a restored copy cannot tell";
    }

    private void rename(Part now, Part before) {
        Set<String> both = shape(live, now);
        both.retainAll(shape(copy, before));
        Matcher from = QUALIFIED.matcher(now.name());
        Matcher to = QUALIFIED.matcher(before.name());
        if (both.isEmpty() || !from.matches() || !to.matches() || !from.group(1).equals(to.group(1))) return;
        changes.add(new Change.Rename(
                before.key(),
                "alter table " + now.name() + " rename to " + to.group(2),
                "gives table " + now.name() + " its name " + before.name() + " back, as it looks renamed"));
        Pattern word = word(now.name());
        String name = Matcher.quoteReplacement(before.name());
        UnaryOperator<String> rename = text -> word.matcher(text).replaceAll(name);
        live = live.renamed(
                live.parts().values().stream().map(part -> part.renamed(rename)).toList(),
                live.columns().stream()
                        .map(column ->
                                column.table().equals(now.name()) ? column.in(before.name(), column.name()) : column)
                        .toList());
    }

    private static List<Part> only(Structure one, Structure other) {
        return one.parts().values().stream()
                .filter(part -> part.is("table") && other.part(part.key()) == null)
                .toList();
    }

    private boolean alike(Part now, Part before) {
        Set<String> there = shape(copy, before);
        return !there.isEmpty() && there.equals(shape(live, now)) && now.same(before);
    }

    private static Set<String> shape(Structure structure, Part table) {
        return structure.columns(table.name()).stream()
                .map(column -> column.name() + " " + column.type())
                .collect(Collectors.toCollection(HashSet::new));
    }

    private void columns() {
        for (Part table : List.copyOf(live.parts().values())) {
            Part before = table.is("table") ? copy.part(table.key()) : null;
            if (before == null) continue;
            for (Column was : List.copyOf(copy.columns(table.name()))) {
                if (was.inherited() || live.column(was.partKey()) != null) continue;
                Column now = candidate(was, sameObject(table, before));
                if (now != null) rename(now, was);
            }
        }
    }

    private @Nullable Column candidate(Column was, boolean sameFiles) {
        List<Column> here = live.columns(was.table());
        List<Column> there = copy.columns(was.table());
        for (Column now : here) {
            if (copy.column(now.partKey()) != null || !now.type().equals(was.type()) || now.generated()) continue;
            if (sameFiles) {
                if (now.number() == was.number()) return now;
                continue;
            }
            if (shared(here, now).equals(shared(there, was)))
                refusals.add(new Refusal(was.partKey(), mayBe("column " + now.name())));
        }
        return null;
    }

    /** The columns before this one that both have: a column that is renamed stays behind them. */
    private List<String> shared(List<Column> columns, Column one) {
        return columns.subList(0, columns.indexOf(one)).stream()
                .filter(each -> live.column(each.partKey()) != null && copy.column(each.partKey()) != null)
                .map(Column::name)
                .toList();
    }

    private void rename(Column now, Column was) {
        String table = was.table();
        changes.add(new Change.Rename(
                was.partKey(),
                "alter table " + table + " rename column " + now.name() + " to " + was.name(),
                "gives column " + table + "." + now.name() + " its name " + was.name()
                        + " back, as it looks renamed; its values stay"));
        Set<String> affected = new HashSet<>(live.dependents(now.partKey()));
        affected.add(now.partKey());
        String from = table + "." + now.name();
        String to = table + "." + was.name();
        Pattern word = word(now.name());
        Pattern qualified = word(table);
        UnaryOperator<String> inText =
                text -> word.matcher(qualified.matcher(text).replaceAll("\u0001"))
                        .replaceAll(Matcher.quoteReplacement(was.name()))
                        .replace("\u0001", table);
        UnaryOperator<String> inName =
                name -> name.endsWith(from) ? name.substring(0, name.length() - from.length()) + to : name;
        live = live.renamed(
                live.parts().values().stream()
                        .map(part -> affected.contains(part.key()) ? renamed(part, inText, inName) : part)
                        .toList(),
                live.columns().stream()
                        .map(column -> column.partKey().equals(now.partKey()) ? column.in(table, was.name()) : column)
                        .toList());
    }

    /**
     * A constraint that takes no nulls: the only one of its column, under which an identity or a key can stand that would have to go
     * with it. Its name comes from that of its table, which a migration may have built beside the former one.
     */
    private void notNulls() {
        // in an order of their own: the same ones must be found in the same order before the act
        for (Part before : new TreeMap<>(copy.parts()).values()) {
            if (!notNull(before) || live.part(before.key()) != null) continue;
            @Nullable String table = copy.container(before);
            if (table != null && live.part(table) != null && !family(table)) notNull(before, table);
        }
    }

    private void notNull(Part before, String table) {
        live.parts().values().stream()
                .filter(now -> notNull(now) && table.equals(live.container(now)) && now.same(before))
                .filter(now -> copy.part(now.key()) == null
                        && live.dependents(now.key()).stream().noneMatch(key -> key.startsWith("comment on ")))
                .findFirst()
                .ifPresent(now -> rename(now, before, table.substring("table ".length())));
    }

    private static boolean notNull(Part part) {
        return part.is("constraint") && String.valueOf(part.definition()).startsWith("(n,");
    }

    /** Whether a name would have to change in other tables too. */
    private boolean family(String table) {
        return String.valueOf(live.existing(table).definition()).startsWith("(p,")
                || live.columns(table.substring("table ".length())).stream().anyMatch(Column::inherited)
                || live.dependents(table).stream().anyMatch(key -> key.startsWith("table "));
    }

    private void rename(Part now, Part before, String table) {
        String from = now.name().substring(table.length() + 1);
        String to = before.name().substring(table.length() + 1);
        changes.add(new Change.Rename(
                before.key(),
                "alter table " + table + " rename constraint " + from + " to " + to,
                "gives constraint " + table + " " + from + " its name " + to + " back"));
        Part named = new Part(
                now.kind(),
                before.name(),
                now.stage(),
                now.addr(),
                now.inside(),
                now.needs(),
                now.definition(),
                before.creates(),
                now.sets(),
                now.shape(),
                before.drops());
        live = live.renamed(
                live.parts().values().stream()
                        .map(part -> part.key().equals(now.key()) ? named : part)
                        .toList(),
                live.columns());
    }

    private static Part renamed(Part part, UnaryOperator<String> inText, UnaryOperator<String> inName) {
        Part text = part.renamed(inText);
        return new Part(
                part.kind(),
                inName.apply(part.name()),
                part.stage(),
                part.addr(),
                part.inside(),
                part.needs(),
                text.definition(),
                text.creates(),
                text.sets(),
                text.shape(),
                part.is("index") || part.is("constraint") || part.is("trigger") ? part.drops() : text.drops());
    }

    private static Pattern word(String name) {
        return Pattern.compile("(?<![\\w\"$])" + Pattern.quote(name) + "(?![\\w\"$])");
    }
}
