package dev.ripcord.snapshot.provider.clone;

import dev.ripcord.databases.AdminSession;
import dev.ripcord.databases.AdminSession.Command;
import dev.ripcord.databases.DatabaseFailure;
import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.databases.EnrolledDatabase.Server;
import dev.ripcord.databases.Identity;
import org.jboss.logging.Logger;

/**
 * Those who wait for one copy, so that they do not fill the server. The copy is good without this, too: where it cannot be
 * done, that is said once.
 */
final class Waiting {

    private static final Logger LOG = Logger.getLogger(Waiting.class);
    private static final String UNDEFINED_FUNCTION = "42883";

    private final EnrolledDatabase database;
    private final AdminSession admin;
    private final Command command;
    private final Identity identity;
    private boolean said;
    private boolean impossible;

    Waiting(EnrolledDatabase database, AdminSession admin, Command command, Identity identity) {
        this.database = database;
        this.admin = admin;
        this.command = command;
        this.identity = identity;
    }

    /** Ends as many of them as are too many. */
    void endSome() {
        if (impossible) return;
        try {
            admin.endWaiting(command, identity);
        } catch (DatabaseFailure e) {
            impossible = UNDEFINED_FUNCTION.equals(e.sqlState());
            if (said) return;
            said = true;
            LOG.warn("who waits for the copy of " + database.id() + " is left to wait: "
                    + (impossible ? enrolledBefore() : e.getMessage()));
        }
    }

    private String enrolledBefore() {
        Server server = database.server();
        return "its server was enrolled by an older version; enrol it again, with the options of then: ripcord enrol --host "
                + server.host() + " --port " + server.port() + " --database " + server.database() + " --id "
                + database.id() + " --environment " + database.environment() + " --admin-password-file FILE";
    }
}
