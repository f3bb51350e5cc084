package dev.ripcord.rollback.method.schema;

import dev.ripcord.databases.PgSession;
import dev.ripcord.databases.SchemaDelta;
import dev.ripcord.events.Manifest.SchemaObject;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** How the structure of a live database differs from that of a copy made before, and the way back; changes nothing. */
public sealed interface SchemaDifference {

    /** Both have the same structure. */
    record Same() implements SchemaDifference {}

    /**
     * The way back, in the order in which it is gone.
     *
     * @param locks the live tables that are locked first
     * @param notes what else people should know
     */
    record Derived(List<Change> changes, List<String> locks, List<String> notes) implements SchemaDifference {
        public Derived {
            changes = List.copyOf(changes);
            locks = List.copyOf(locks);
            notes = List.copyOf(notes);
        }
    }

    /** There is no way back that keeps the rows and is safe. */
    record NotDerivable(List<Refusal> refusals) implements SchemaDifference {
        public NotDerivable {
            refusals = List.copyOf(refusals);
        }
    }

    /**
     * Compares the live database with the copy and derives the statements.
     *
     * @param live a session outside a transaction
     * @param copy a session of the database that has the structure wanted
     * @throws dev.ripcord.databases.DatabaseFailure if one of the two cannot be read
     */
    static SchemaDifference between(PgSession live, PgSession copy) {
        Set<SchemaObject> differing = differing(live, copy);
        if (differing.isEmpty()) return new Same();
        List<Refusal> refusals = new ArrayList<>();
        Set<String> ranges = rangeCasts(live);
        ranges.addAll(rangeCasts(copy));
        for (SchemaObject object : differing) {
            if (object.kind().equals("cast") && ranges.contains(object.name())) continue;
            if (Derivation.NOT_DERIVED.contains(object.kind())) {
                refusals.add(new Refusal(
                        object.kind() + " " + object.name(), "objects of this kind are not taken back one by one"));
            }
        }
        if (!refusals.isEmpty()) return new NotDerivable(distinct(refusals));
        SchemaDifference found = new Derivation(live, copy).derive();
        if (found instanceof Derived derived && derived.changes().isEmpty()) {
            return new NotDerivable(distinct(differing.stream()
                    .map(object -> new Refusal(
                            object.kind() + " " + object.name(), "it differs in a way for which there is no statement"))
                    .toList()));
        }
        return found;
    }

    /** The casts that come and go with a range type. */
    private static Set<String> rangeCasts(PgSession session) {
        Set<String> names = new TreeSet<>();
        session.query(
                        "select format('%s as %s', format_type(castsource, null), format_type(casttarget, null)) from pg_cast c"
                                + " where exists (select from pg_depend d where d.classid = 'pg_cast'::regclass and d.objid = c.oid and d.deptype = 'i')")
                .forEach(row -> names.add(row.getString(0)));
        return names;
    }

    /** The objects that one has and the other has not, or not so. */
    static Set<SchemaObject> differing(PgSession live, PgSession copy) {
        SchemaDelta delta = SchemaDelta.between(copy, live);
        Set<SchemaObject> differing = new LinkedHashSet<>(delta.now());
        differing.addAll(delta.before());
        return differing;
    }

    /** The names of the objects in which two lists differ. */
    static Set<String> names(Set<SchemaObject> objects) {
        Set<String> names = new TreeSet<>();
        objects.forEach(object -> names.add(object.kind() + " " + object.name()));
        return names;
    }

    private static List<Refusal> distinct(List<Refusal> refusals) {
        return new ArrayList<>(new LinkedHashSet<>(refusals));
    }
}
