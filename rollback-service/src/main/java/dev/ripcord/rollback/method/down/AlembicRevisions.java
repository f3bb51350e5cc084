package dev.ripcord.rollback.method.down;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The revision files of a bundle and the chain that they form; they are read as text, not run. */
record AlembicRevisions(Map<String, Revision> byId) {

    private static final Pattern ID = Pattern.compile("(?m)^revision\\s*(?::[^=\\n]*)?=\\s*(['\"])([^'\"\\n]*)\\1");
    private static final Pattern BELOW = Pattern.compile(
            "(?m)^down_revision\\s*(?::[^=\\n]*)?=\\s*(None|\\([^)]*\\)|\\[[^]]*]|['\"][^'\"\\n]*['\"])");
    private static final Pattern DEPENDS = Pattern.compile("(?m)^depends_on\\s*(?::[^=\\n]*)?=\\s*(?!None)\\S");
    private static final Pattern QUOTED = Pattern.compile("['\"]([^'\"]*)['\"]");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.]{0,63}");

    /** One file; {@code below} holds the revisions that it comes directly after. */
    record Revision(String id, List<String> below, Bundle.File file) {

        /** Whether it is a plain link of the chain. */
        boolean plain() {
            return below.size() < 2 && !DEPENDS.matcher(file.text()).find();
        }
    }

    static AlembicRevisions of(Bundle bundle) {
        Map<String, Revision> found = new LinkedHashMap<>();
        for (Bundle.File file : bundle.files()) {
            if (!file.name().endsWith(".py")) continue;
            Matcher id = ID.matcher(file.text());
            Matcher below = BELOW.matcher(file.text());
            if (!id.find() || !below.find()) continue;
            List<String> under = QUOTED.matcher(below.group(1))
                    .results()
                    .map(each -> each.group(1))
                    .toList();
            checked(id.group(2));
            under.forEach(AlembicRevisions::checked);
            if (found.put(id.group(2), new Revision(id.group(2), under, file)) != null) {
                throw Refusal.restore("two files are revision " + id.group(2));
            }
        }
        return new AlembicRevisions(Map.copyOf(found));
    }

    /** A name that the program cannot take for an option or a range. */
    static String checked(String id) {
        if (NAME.matcher(id).matches()) return id;
        throw Refusal.restore("revision " + Shown.name(id) + " has a name that is not used");
    }

    /** From a revision downwards, as far as the chain is plain; the first one that is not is the last. */
    List<Revision> from(String id) {
        Set<Revision> chain = new LinkedHashSet<>();
        Revision next = known(id);
        while (chain.add(next) && next.plain() && !next.below().isEmpty())
            next = known(next.below().getFirst());
        return List.copyOf(chain);
    }

    /** The only revision that none comes after. */
    Revision head() {
        Set<String> under =
                byId.values().stream().flatMap(each -> each.below().stream()).collect(Collectors.toSet());
        List<Revision> heads = new ArrayList<>(byId.values().stream()
                .filter(each -> !under.contains(each.id()))
                .toList());
        if (heads.size() == 1) return heads.getFirst();
        throw Refusal.restore("the bundle has " + heads.size() + " heads: "
                + Shown.names(heads.stream().map(Revision::id).toList()));
    }

    private Revision known(String id) {
        Revision found = byId.get(id);
        if (found != null) return found;
        throw Refusal.restore("revision " + Shown.name(id) + " is not in the bundle; there are "
                + Shown.names(byId.keySet().stream().sorted().toList()));
    }
}
