package dev.ripcord.verifier.check;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What roles had in a database that have been dropped since: nobody can give it to them again. Reads the lists as the server's
 * {@code ripcord.properties} writes them.
 *
 * @param there the names of the roles that there are
 */
record GoneRoles(Set<String> there) {

    /** The same properties without what belongs to roles that are gone, each list in an order that does not depend on the server. */
    Map<String, String> leftOut(Map<String, String> properties) {
        Map<String, String> rest = new HashMap<>(properties);
        rest.computeIfPresent("grants", (name, list) -> keep(list, ", ", "=", known(",=", "public")));
        rest.computeIfPresent("settings", (name, list) -> keep(list, " | ", ": ", known(":|", "all")));
        return rest;
    }

    /** Whether the owner is one of them: the database keeps the one that it has. */
    boolean ownerOf(Map<String, String> properties) {
        String owner = properties.get("owner");
        return owner != null && !there.contains(owner);
    }

    private static String keep(String list, String between, String afterHolder, Predicate<String> known) {
        return Arrays.stream(list.split(Pattern.quote(between)))
                .filter(part ->
                        part.indexOf(afterHolder) < 0 || known.test(part.substring(0, part.indexOf(afterHolder))))
                .sorted()
                .collect(Collectors.joining(between));
    }

    private Predicate<String> known(String apart, String everybody) {
        Set<String> written = there.stream().map(role -> written(role, apart)).collect(Collectors.toSet());
        return holder -> holder.equals(everybody) || written.contains(holder);
    }

    /** A role as it stands in a list: {@code ripcord.part}. */
    private static String written(String role, String apart) {
        if (role.equals("all")) return "\\x61ll";
        if (role.equals("public")) return "\\x70ublic";
        return role.codePoints()
                .mapToObj(c ->
                        c == '\\' || apart.indexOf(c) >= 0 ? "\\x" + Integer.toHexString(c) : Character.toString(c))
                .collect(Collectors.joining());
    }
}
