package dev.ripcord.rollback.elsewhere;

import dev.ripcord.databases.AdminSession;
import dev.ripcord.databases.AdminSession.Command;
import dev.ripcord.databases.DatabaseFailure;
import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.databases.EnrolledDatabase.SqlCheck;
import dev.ripcord.databases.Identity;
import dev.ripcord.databases.PgSession;
import dev.ripcord.databases.RefusedException;
import dev.ripcord.events.Shadow;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Acts on the second server of an enrolment, and closes the old database where the policy says so. */
@ApplicationScoped
public class SecondServer {

    private static final Duration EACH_ACT = Duration.ofSeconds(15);

    private final Vertx vertx;

    SecondServer(Vertx vertx) {
        this.vertx = vertx;
    }

    /**
     * The second server, on which the database must not be yet.
     *
     * @throws RefusedException if it is not the one that was enrolled, or has a database of that name
     */
    public Identity vacant(EnrolledDatabase database) {
        EnrolledDatabase second = database.onSecondServer();
        try (AdminSession admin = admin(second)) {
            Identity identity = admin.identifySecond();
            if (identity.oid() != 0) {
                throw new RefusedException("there is a database "
                        + second.server().database() + " on " + place(second)
                        + " already, and it is not replaced: expected none of that name");
            }
            return identity;
        }
    }

    /** Closes the old database and ends the sessions in it; can be done again. */
    public void closeOld(EnrolledDatabase database, String rollback, long fence) {
        try (AdminSession admin = admin(database)) {
            List<String> left = admin.closeAndEndSessions(
                    new Command(rollback, fence),
                    admin.identify(),
                    false,
                    List.of(),
                    database.rollback().fenceLimit());
            if (!left.isEmpty()) {
                throw new RefusedException("These sessions did not end in time: " + String.join("; ", left));
            }
        }
    }

    /** Lets everybody into the old database again; does nothing where this rollback has not closed it. */
    public void openOld(EnrolledDatabase database, String rollback, long fence) {
        try (AdminSession admin = admin(database)) {
            admin.open(new Command(rollback, fence), admin.identify());
        }
    }

    /**
     * Opens the copy under the database's own name; can be done again.
     *
     * @param properties that the database had
     * @return those that it does not have there, one line each
     */
    public List<String> install(
            EnrolledDatabase database, String rollback, long fence, Shadow copy, Map<String, String> properties) {
        EnrolledDatabase second = database.onSecondServer();
        try (AdminSession admin = admin(second)) {
            Identity identity = admin.identifySecond();
            if (!copy.systemIdentifier().equals(identity.systemIdentifier())) {
                throw new RefusedException("The copy is on another server than " + place(second) + ": expected "
                        + copy.systemIdentifier() + ", found " + identity.systemIdentifier());
            }
            return admin.install(new Command(rollback, fence), identity, copy.oid(), copy.seal(), properties);
        }
    }

    /** Whether this rollback has opened the copy, as the server itself knows it. */
    public boolean installed(EnrolledDatabase database, String rollback) {
        try (AdminSession admin = admin(database.onSecondServer())) {
            return admin.done(new Command(rollback, 0), "installed");
        }
    }

    /** Connects to the database as an application does and asks what its enrolment checks; what is wrong, if anything. */
    public Optional<String> problem(EnrolledDatabase database, Shadow copy) {
        EnrolledDatabase second = database.onSecondServer();
        try (PgSession session = PgSession.open(
                vertx,
                second.server(),
                second.roles().rollback(),
                second.server().database(),
                EACH_ACT)) {
            long oid = session.query("select oid::bigint from pg_database where datname = current_database()")
                    .getFirst()
                    .getLong(0);
            if (oid != copy.oid()) {
                return Optional.of(
                        "another database has its name: expected object id " + copy.oid() + ", found " + oid);
            }
            session.execute("begin read only");
            for (SqlCheck check : second.checks().sql()) {
                Optional<String> wrong = wrong(session, check);
                if (wrong.isPresent()) return wrong;
            }
            return Optional.empty();
        } catch (DatabaseFailure e) {
            return Optional.of("it cannot be connected to: " + e.getMessage());
        }
    }

    private static Optional<String> wrong(PgSession session, SqlCheck check) {
        session.execute("set local search_path = public");
        String found =
                session.query("select (" + check.query() + ")::text").getFirst().getString(0);
        return check.expect().equals(found)
                ? Optional.empty()
                : Optional.of("check " + check.name() + ": expected " + check.expect() + ", found " + found);
    }

    private AdminSession admin(EnrolledDatabase database) {
        return AdminSession.open(vertx, database, database.roles().rollback(), EACH_ACT);
    }

    private static String place(EnrolledDatabase database) {
        return database.server().host() + ":" + database.server().port();
    }
}
