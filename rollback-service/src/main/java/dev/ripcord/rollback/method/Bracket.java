package dev.ripcord.rollback.method;

import dev.ripcord.databases.PgSession;
import java.util.function.Consumer;

/**
 * What frames the transaction in which a method does its work.
 *
 * @param first is called when the transaction has begun
 * @param last ends it, when all is done
 */
public record Bracket(Consumer<PgSession> first, Consumer<PgSession> last) {

    /** Nothing besides, and a commit. */
    public static final Bracket PLAIN = new Bracket(begun -> {}, session -> session.execute("commit"));

    /** Nothing besides, and everything is taken back. */
    public static final Bracket TAKEN_BACK = new Bracket(begun -> {}, session -> session.execute("rollback"));

    /** The same with something to do just before the end. */
    public Bracket andBeforeTheEnd(Consumer<PgSession> more) {
        return new Bracket(first, more.andThen(last));
    }
}
