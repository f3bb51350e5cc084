package dev.ripcord.rollback.core;

import java.time.Instant;

/**
 * What a swap has left behind.
 *
 * @param keptName the name under which the database is kept that was live before
 * @param keptOid its object id
 * @param keptSeal its seal when it was last closed
 * @param outageMillis from closing the live database to opening the other
 * @param at when the other was opened
 * @param systemIdentifier the server it happened on
 */
public record Swapped(
        String keptName, long keptOid, String keptSeal, double outageMillis, Instant at, String systemIdentifier) {

    /** The same, closed again with another seal. */
    public Swapped sealed(String seal) {
        return new Swapped(keptName, keptOid, seal, outageMillis, at, systemIdentifier);
    }
}
