package dev.ripcord.rollback.method.partial;

import dev.ripcord.databases.PgSession;

/**
 * How triggers are held back on this server.
 *
 * @param replica whether the role may write as replication does, with no ordinary trigger and no foreign key's trigger fired; else only
 *     users' triggers can be disabled, one by one, and rows are written in the order of the foreign keys
 * @param counted whether the server counts written rows, without which nobody can prove that no other table changed
 */
record Means(boolean replica, boolean counted) {

    static Means of(PgSession live) {
        var row = live.query(
                        "select has_parameter_privilege('session_replication_role', 'SET') as replica, current_setting('track_counts')::boolean as counted")
                .getFirst();
        return new Means(row.getBoolean("replica"), row.getBoolean("counted"));
    }
}
