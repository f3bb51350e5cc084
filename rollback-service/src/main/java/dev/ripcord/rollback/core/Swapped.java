package dev.ripcord.rollback.core;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a swap has left behind.
 *
 * @param keptName the name under which the database is kept that was live before
 * @param keptOid its object id
 * @param keptSeal its seal when it was last closed
 * @param outageMillis from closing the live database to opening the other
 * @param at when the other was opened
 * @param systemIdentifier the server it happened on
 * @param properties what of the database itself (owner, grants, settings …) is no longer as it was just before, one line each
 */
public record Swapped(
        String keptName,
        long keptOid,
        String keptSeal,
        double outageMillis,
        Instant at,
        String systemIdentifier,
        @Nullable List<String> properties) {

    public Swapped {
        properties = properties == null ? List.of() : List.copyOf(properties);
    }

    /** What of the database itself changed with it. */
    @Override
    public List<String> properties() {
        return properties == null ? List.of() : properties;
    }

    /** The same, and that is no longer as it was either. */
    public Swapped with(List<String> more) {
        List<String> all = new ArrayList<>(properties());
        all.addAll(more);
        return new Swapped(keptName, keptOid, keptSeal, outageMillis, at, systemIdentifier, all);
    }

    /** The same, closed again with another seal. */
    public Swapped sealed(String seal) {
        return new Swapped(keptName, keptOid, seal, outageMillis, at, systemIdentifier, properties);
    }
}
