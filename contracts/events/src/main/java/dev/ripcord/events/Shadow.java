package dev.ripcord.events;

/**
 * A restored and proven copy of a snapshot beside the live database, closed to everybody.
 *
 * @param name the database's name on the server
 * @param oid its object id, which renaming does not change
 * @param seal the version of its row in {@code pg_database} when it was closed: any later change of the database's
 *     properties, and so any opening, changes it
 * @param systemIdentifier the server it is on ({@code pg_control_system()})
 */
public record Shadow(String name, long oid, String seal, String systemIdentifier) {}
