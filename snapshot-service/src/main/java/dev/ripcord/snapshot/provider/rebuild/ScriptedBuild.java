package dev.ripcord.snapshot.provider.rebuild;

import dev.ripcord.databases.DatabaseFailure;
import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.databases.EnrolledDatabase.Role;
import dev.ripcord.databases.Enrolment;
import dev.ripcord.databases.PgSession;
import dev.ripcord.databases.RebuildScripts;
import dev.ripcord.databases.RebuildScripts.Content;
import dev.ripcord.databases.RefusedException;
import dev.ripcord.databases.lexer.SqlText;
import dev.ripcord.events.Script;
import dev.ripcord.snapshot.core.Progress;
import dev.ripcord.snapshot.core.Progress.Step;
import dev.ripcord.snapshot.core.Provider.Order;
import dev.ripcord.snapshot.core.Provider.Restoration;
import dev.ripcord.snapshot.core.Refusal;
import dev.ripcord.snapshot.core.RestoreProcedure;
import dev.ripcord.snapshot.provider.AdminSessions;
import dev.ripcord.snapshot.provider.MadeDatabases;
import dev.ripcord.snapshot.provider.Proof;
import dev.ripcord.snapshot.provider.ProtectedServer;
import java.util.List;
import java.util.Optional;

/**
 * Runs the baseline and seed scripts into a new, empty database of our own name, each in one transaction, as the owner of
 * the live database. It stops at the first statement that fails, and nothing is left then.
 */
public final class ScriptedBuild implements RestoreProcedure.Builder {

    private static final String NEXT = "mend the scripts and ask again: the plan must be approved anew";

    private final AdminSessions sessions;

    public ScriptedBuild(AdminSessions sessions) {
        this.sessions = sessions;
    }

    @Override
    public Restoration build(Order order, List<Script> scripts, String shadow, Progress progress) {
        EnrolledDatabase database = order.database();
        List<Content> contents;
        try {
            contents = RebuildScripts.read(database);
        } catch (RefusedException e) {
            return new Refusal(String.valueOf(e.getMessage()), NEXT);
        }
        Optional<String> another = another(scripts, contents);
        if (another.isPresent()) return new Refusal(another.get(), NEXT);
        String name = database.shadowName(shadow);
        try (ProtectedServer server = ProtectedServer.open(sessions, order)) {
            MadeDatabases made = server.made();
            made.drop(name);
            made.createLike(server.identity().oid(), name, restorer(database).user());
            long oid = made.find(name).orElseThrow();
            made.openForOwner(name);
            Optional<String> failed = run(database, name, oid, contents, progress);
            if (failed.isPresent()) {
                made.drop(name);
                return new Refusal(failed.get(), NEXT);
            }
            made.giveTo(name, restorer(database).user());
            return Proof.closed(server, name);
        }
    }

    /** What differs between the scripts that were approved and those that are there. */
    private static Optional<String> another(List<Script> approved, List<Content> contents) {
        List<Script> found = contents.stream().map(Content::script).toList();
        for (int i = 0; i < Math.max(approved.size(), found.size()); i++) {
            String expected = i < approved.size() ? line(approved.get(i)) : "no further script";
            String there = i < found.size() ? line(found.get(i)) : "no further script";
            if (!expected.equals(there)) {
                return Optional.of(
                        "the scripts are others than those of the plan: expected " + expected + ", found " + there);
            }
        }
        return Optional.empty();
    }

    private static String line(Script script) {
        return script.name() + " (SHA-256 " + script.sha256() + ")";
    }

    private Optional<String> run(
            EnrolledDatabase database, String name, long oid, List<Content> contents, Progress progress) {
        try (PgSession session = PgSession.open(
                sessions.vertx(),
                database.server(),
                restorer(database),
                name,
                database.snapshot().limit())) {
            requireOwn(session, name, oid);
            int done = 0;
            for (Content content : contents) {
                int before = done++;
                progress.is(() -> new Step("running", before, contents.size(), percent(before, contents.size())));
                Optional<String> failed = run(session, content);
                if (failed.isPresent()) return failed;
            }
            progress.is("analyzing");
            Enrolment.grantWithin(session);
            session.execute("set client_min_messages = error");
            session.execute("analyze"); // by itself, or it keeps a lock of every table and index until its end
            return Optional.empty();
        }
    }

    /** While this owner was held up, another may have made it anew. */
    private static void requireOwn(PgSession session, String name, long oid) {
        long found = session.query("select oid::bigint from pg_database where datname = current_database()")
                .getFirst()
                .getLong(0);
        if (found != oid) {
            throw new IllegalStateException(name + " was made anew by another owner of this restore");
        }
    }

    private static Optional<String> run(PgSession session, Content content) {
        String statement = "begin";
        int number = 0;
        try {
            session.execute("begin");
            String owner = session.query(
                            "select pg_get_userbyid(datdba)::text from pg_database where datname = current_database()")
                    .getFirst()
                    .getString(0);
            session.execute("set local role \"" + owner.replace("\"", "\"\"") + '"');
            session.execute("set local search_path = \"$user\", public");
            for (SqlText.Statement each : SqlText.cut(content.sql())) {
                number++;
                statement = each.text();
                session.execute(statement);
            }
            statement = "commit";
            session.execute("commit");
            session.execute("reset all");
            return Optional.empty();
        } catch (DatabaseFailure e) {
            // no answer: nobody knows what became of it, and the whole is done again
            if (e.sqlState() == null) throw e;
            return Optional.of(content.script().name() + ", statement " + number + " ("
                    + RebuildScripts.shown(statement) + "): " + e.getMessage());
        }
    }

    private static int percent(int done, int total) {
        return 100 * done / total;
    }

    private static Role restorer(EnrolledDatabase database) {
        Role role = database.roles().restore();
        if (role == null) throw new RefusedException("rebuild needs the role restore for " + database.id());
        return role;
    }
}
