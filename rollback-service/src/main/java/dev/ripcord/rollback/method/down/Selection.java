package dev.ripcord.rollback.method.down;

import dev.ripcord.rollback.method.down.DownPlan.Next;
import java.util.Collection;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.Function;

/**
 * Chooses what is undone from what is applied.
 *
 * @param applied newest first
 * @param version the name of one
 * @param is whether one goes by a name
 * @param known all names in the bundle, for the message
 */
record Selection<T>(List<T> applied, Function<T, String> version, BiPredicate<T, String> is, Collection<String> known) {

    /** Newest first, empty where nothing is to be done. */
    List<T> chosen(Aim aim) {
        return switch (aim) {
            case Aim.Last last -> applied.isEmpty() ? applied : applied.subList(0, 1);
            case Aim.Count count -> newest(count.count());
            case Aim.To to -> applied.subList(0, position(to.version()));
        };
    }

    /** The newest version when the chosen ones are gone. */
    String after(List<T> chosen) {
        return chosen.size() == applied.size() ? "" : version.apply(applied.get(chosen.size()));
    }

    /** Why nothing was chosen. */
    DownPlan.Nothing nothing(Aim aim) {
        return new DownPlan.Nothing(
                switch (aim) {
                    case Aim.Last last -> "no migration is applied";
                    case Aim.Count count -> "no migration is applied";
                    case Aim.To to -> "version " + Shown.name(to.version()) + " is already the newest applied one";
                });
    }

    private List<T> newest(int count) {
        if (applied.isEmpty() || count <= applied.size()) return applied.subList(0, Math.min(count, applied.size()));
        throw new Refusal(
                count + " migrations are to be undone, but only " + applied.size() + " are applied: "
                        + Shown.names(applied.stream().map(version).toList()),
                Next.correctRequest);
    }

    private int position(String wanted) {
        List<T> found = applied.stream().filter(each -> is.test(each, wanted)).toList();
        if (found.size() == 1) return applied.indexOf(found.getFirst());
        String names = Shown.names(applied.stream().map(version).toList());
        if (found.size() > 1) {
            throw new Refusal(
                    "version " + Shown.name(wanted) + " is not one but "
                            + Shown.names(found.stream().map(version).toList()),
                    Next.correctRequest);
        }
        String what = known.contains(wanted) ? " was never applied" : " is unknown";
        throw new Refusal(
                "version " + Shown.name(wanted) + what + "; applied, the newest first: " + names, Next.correctRequest);
    }
}
