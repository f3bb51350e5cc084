package dev.ripcord.rollback.method.schema;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Finds what a migration renamed, so that the values stay where they are. In a copy of the files a table keeps its
 * object id and a column its number; in a restored archive only kind and place can tell, and where they cannot, nobody guesses.
 */
final class Renames {

    private static final Pattern QUALIFIED = Pattern.compile("((?:\"(?:[^\"]|\"\")*\"|[^\".]+))\\.(.+)");

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
        return new Found(renames.live, renames.changes);
    }

    private void tables() {
        List<Part> gone = only(copy, live);
        List<Part> made = only(live, copy);
        for (Part before : gone) {
            List<Part> alike = made.stream().filter(part -> alike(part, before)).toList();
            if (alike.size() != 1) continue;
            Part now = alike.getFirst();
            if (gone.stream().filter(part -> alike(now, part)).count() != 1) continue;
            Matcher from = QUALIFIED.matcher(now.name());
            Matcher to = QUALIFIED.matcher(before.name());
            if (!from.matches() || !to.matches() || !from.group(1).equals(to.group(1))) continue;
            changes.add(new Change.Rename(
                    before.key(),
                    "alter table " + now.name() + " rename to " + to.group(2),
                    "gives table " + now.name() + " its name " + before.name() + " back, as it looks renamed"));
            Pattern word = word(now.name());
            String name = Matcher.quoteReplacement(before.name());
            UnaryOperator<String> rename = text -> word.matcher(text).replaceAll(name);
            live = live.renamed(
                    live.parts().values().stream()
                            .map(part -> part.renamed(rename))
                            .toList(),
                    live.columns().stream()
                            .map(column -> column.table().equals(now.name())
                                    ? column.in(before.name(), column.name())
                                    : column)
                            .toList());
        }
    }

    private static List<Part> only(Structure one, Structure other) {
        return one.parts().values().stream()
                .filter(part -> part.is("table") && other.part(part.key()) == null)
                .toList();
    }

    private boolean alike(Part now, Part before) {
        Set<String> here = shape(live, now);
        Set<String> there = shape(copy, before);
        if (!now.addr().equals(before.addr())) return !there.isEmpty() && here.equals(there) && now.same(before);
        here.retainAll(there);
        return !here.isEmpty();
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
                Column now = candidate(was, table.addr().equals(before.addr()));
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
            int at = here.indexOf(now);
            boolean last = at == here.size() - 1;
            if (at != there.indexOf(was)) continue;
            if (!last) return now;
            refusals.add(new Refusal(
                    was.partKey(),
                    "column " + now.name() + " may be this one under another name, and a restored copy cannot tell"));
        }
        return null;
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
