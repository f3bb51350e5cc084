package dev.ripcord.rollback.method.down;

import dev.ripcord.databases.DatabaseFailure;
import dev.ripcord.databases.PgSession;
import dev.ripcord.databases.RefusedException;
import dev.ripcord.rollback.method.Bracket;
import java.util.List;
import java.util.function.Supplier;

/**
 * Rolls a database back the migration tool's own way. The session must be that of the role that owns the objects, outside
 * of a transaction; its statement limit bounds each statement, and its settings are as at its start afterwards.
 */
public final class Down {

    private Down() {}

    /**
     * The versions in force, newest first.
     *
     * @throws RefusedException if that cannot be told, for example because one failed half-way
     */
    public static List<String> applied(PgSession session, Bundle bundle, Settings settings) {
        try {
            return MigrationTool.of(bundle.verified().tool(), settings).applied(session, bundle);
        } catch (Refusal e) {
            throw new RefusedException(e.plan().reason());
        }
    }

    /**
     * What would be done; nothing is changed.
     *
     * @throws DatabaseFailure if the database cannot be read
     */
    public static DownPlan plan(PgSession session, Bundle bundle, Aim aim, Settings settings) {
        return reading(
                session, bundle, () -> MigrationTool.of(bundle.tool(), settings).down(session, bundle, aim));
    }

    /** As {@link #plan}, in the other direction: all migrations of the bundle that are not applied. */
    public static DownPlan planUp(PgSession session, Bundle bundle, Settings settings) {
        return reading(
                session, bundle, () -> MigrationTool.of(bundle.tool(), settings).up(session, bundle));
    }

    /**
     * Does it, all or nothing.
     *
     * @throws DatabaseFailure if it passes; after one at the commit the version table tells, once it can be read again
     */
    public static DownOutcome apply(PgSession session, DownPlan.Steps plan, Limits limits) {
        return apply(session, plan, limits, Bracket.PLAIN);
    }

    /** As {@link #apply(PgSession, DownPlan.Steps, Limits)}, framed by more. */
    public static DownOutcome apply(PgSession session, DownPlan.Steps plan, Limits limits, Bracket bracket) {
        return DownRun.run(session, plan, limits, bracket);
    }

    /** Does it and takes it back: whether it would succeed. It takes the same locks for as long as it runs. */
    public static DownOutcome dryRun(PgSession session, DownPlan.Steps plan, Limits limits) {
        return DownRun.run(session, plan, limits, Bracket.TAKEN_BACK);
    }

    private static DownPlan reading(PgSession session, Bundle bundle, Supplier<DownPlan> planning) {
        var problem = bundle.problem();
        if (problem.isPresent()) return new DownPlan.Refused(problem.get(), DownPlan.Next.restore);
        session.execute("begin isolation level repeatable read read only");
        try {
            return planning.get();
        } catch (Refusal e) {
            return e.plan();
        } finally {
            session.execute("rollback");
        }
    }
}
