package dev.ripcord.command.torture;

import dev.ripcord.command.sample.Shop;
import dev.ripcord.events.Way;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What goes wrong with the shop after its snapshot, and the way back.
 *
 * @param way null for the whole database
 * @param statements run by the owner of the shop, each in a transaction of its own
 */
record Mishap(@Nullable Way way, List<String> statements) {

    /** The migration that goes wrong in three ways; the whole database goes back. */
    static final Mishap WHOLE = new Mishap(null, List.of(Shop.resource("bad-migration.sql")));

    void happen(Ground ground) throws SQLException {
        try (Connection connection = ground.shop().asOwner();
                Statement statement = connection.createStatement()) {
            for (String each : statements) statement.execute(each);
        }
    }
}
