package dev.ripcord.rollback.procedure;

import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.rollback.hooks.Hooks;
import java.net.URI;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An application that stops working when it is told that its database will be closed, until it is told that this is over. */
final class ModelHooks extends Hooks {

    private static final URI ON = URI.create("http://nowhere/on");
    private static final URI OFF = URI.create("http://nowhere/off");

    static final EnrolledDatabase.Hooks ADDRESSES = new EnrolledDatabase.Hooks(ON, OFF, null);

    private final Set<String> stoppedFor = new HashSet<>();

    @Override
    public String call(@Nullable URI hook, String database, String rollback) {
        if (ON.equals(hook)) stoppedFor.add(rollback);
        if (OFF.equals(hook)) stoppedFor.remove(rollback);
        return "called, answered 204";
    }

    /** The rollbacks that it waits for. */
    Set<String> stoppedFor() {
        return stoppedFor;
    }
}
