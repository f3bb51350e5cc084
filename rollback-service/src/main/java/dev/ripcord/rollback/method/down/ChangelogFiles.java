package dev.ripcord.rollback.method.down;

import dev.ripcord.rollback.method.down.DownPlan.Next;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What is looked at in a bundle's changelogs before Liquibase sees them. */
final class ChangelogFiles {

    /** Reading some of these is enough to run what they name. */
    private static final Pattern FORBIDDEN = Pattern.compile(
            "executeCommand|customChange|customPrecondition|<!DOCTYPE|<!ENTITY|resourceComparator|resourceFilter"
                    + "|includeAll[^>]{0,300}?\\bfilter\\b|!!");

    private static final Pattern PARAMETER = Pattern.compile("\\$\\{([^}]*)}");
    private static final Pattern FORMATTED = Pattern.compile("(?i)\\A\\uFEFF?\\s*--\\s*liquibase formatted sql");

    private ChangelogFiles() {}

    /** Refuses what a changelog may not hold. */
    static void check(Bundle bundle) {
        for (Bundle.File file : bundle.files()) {
            if (!changelog(file)) continue;
            Matcher forbidden = FORBIDDEN.matcher(file.text());
            if (forbidden.find()) {
                throw Refusal.restore(Shown.name(file.path()) + " holds " + Shown.name(forbidden.group())
                        + ", which runs more than SQL");
            }
            PARAMETER
                    .matcher(file.text())
                    .results()
                    .map(found -> found.group(1))
                    .forEach(name -> outside(file, name));
        }
    }

    private static void outside(Bundle.File file, String name) {
        boolean ours = System.getenv(name) != null
                || System.getProperties().stringPropertyNames().stream().anyMatch(name::equalsIgnoreCase);
        if (ours) {
            throw Refusal.restore(Shown.name(file.path()) + " needs the value of ${" + Shown.name(name)
                    + "}, which is not in the bundle");
        }
    }

    /**
     * The changelog that no other one names; of several the one that includes others, nearest to the top.
     *
     * @throws Refusal if that is not one
     */
    static String root(Bundle bundle) {
        List<Bundle.File> roots = bundle.files().stream()
                .filter(ChangelogFiles::changelog)
                .filter(file -> bundle.files().stream()
                        .noneMatch(other -> !other.equals(file) && other.text().contains(file.name())))
                .toList();
        if (roots.size() > 1) {
            roots = roots.stream()
                    .filter(file -> file.text().contains("include"))
                    .toList();
            int top = roots.stream().mapToInt(ChangelogFiles::depth).min().orElse(0);
            roots = roots.stream().filter(file -> depth(file) == top).toList();
        }
        if (roots.size() == 1) return roots.getFirst().path();
        throw new Refusal(
                "which file is the root changelog cannot be seen; it may be one of "
                        + Shown.names(bundle.files().stream()
                                .filter(ChangelogFiles::changelog)
                                .map(Bundle.File::path)
                                .toList()),
                Next.correctRequest);
    }

    private static int depth(Bundle.File file) {
        return file.path().split("/").length;
    }

    private static boolean changelog(Bundle.File file) {
        if (file.name().endsWith(".sql")) return FORMATTED.matcher(file.text()).find();
        return file.name().matches(".*\\.(xml|ya?ml|json)") && file.text().contains("databaseChangeLog");
    }
}
