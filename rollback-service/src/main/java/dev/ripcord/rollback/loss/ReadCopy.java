package dev.ripcord.rollback.loss;

import dev.ripcord.databases.AdminSession;
import dev.ripcord.databases.AdminSession.Command;
import dev.ripcord.databases.Identity;
import dev.ripcord.events.Shadow;

/** A sealed copy that is open to be read, by us alone; closing it seals it again, and it still counts as untouched. */
public final class ReadCopy implements AutoCloseable {

    private final AdminSession admin;
    private final Command command;
    private final Identity identity;
    private final long oid;
    private final String name;

    private ReadCopy(AdminSession admin, Command command, Identity identity, long oid, String name) {
        this.admin = admin;
        this.command = command;
        this.identity = identity;
        this.oid = oid;
        this.name = name;
    }

    /**
     * Opens it.
     *
     * @throws dev.ripcord.databases.DatabaseFailure with state {@code RC005} where its seal is broken
     */
    public static ReadCopy open(AdminSession admin, Command command, Identity identity, Shadow copy) {
        return new ReadCopy(
                admin, command, identity, copy.oid(), admin.openToRead(command, identity, copy.oid(), copy.seal()));
    }

    /** Its name on the server. */
    public String name() {
        return name;
    }

    @Override
    public void close() {
        admin.sealUnchanged(command, identity, oid);
    }
}
