package dev.ripcord.rollback.method.partial;

import dev.ripcord.databases.DatabaseFailure;
import dev.ripcord.databases.PgSession;
import dev.ripcord.events.TableLoss;
import dev.ripcord.rollback.method.Bracket;
import dev.ripcord.rollback.method.Fault;
import dev.ripcord.rollback.method.partial.PartialRestore.Applied;
import dev.ripcord.rollback.method.partial.PartialRestore.Failed;
import dev.ripcord.rollback.method.partial.PartialRestore.Unknown;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** A partial restore downwards: compare while everybody writes, lock, find out what was written since, write, prove, commit. */
final class PartialAct implements AutoCloseable {

    private final PgSession looking;
    private final PgSession copy;
    private final Draft early;
    private final Since since;
    private boolean over;

    /**
     * Compares.
     *
     * @param looking a session in the live database, outside a transaction; it only reads
     * @param copy a session in a database restored from the snapshot; it only reads
     */
    PartialAct(PgSession looking, PgSession copy, List<String> tables, PartialOptions options) {
        this.looking = looking;
        this.copy = copy;
        try {
            looking.execute("begin isolation level repeatable read read only");
            copy.execute("begin isolation level repeatable read read only");
            early = Draft.of(looking, copy, tables, options);
            since = new Since(looking, early.touched.liveTables, early.touched.named.values());
            early.compare();
        } catch (RuntimeException e) {
            end(looking);
            end(copy);
            throw e;
        }
    }

    /** What there is to do. */
    PartialPlan plan() {
        return PartialPlan.of(early);
    }

    /**
     * Does what the plan says, in one transaction on the live database.
     *
     * @param live another session in the live database, outside a transaction
     * @param lockTimeout how long writers are waited for, all tables together
     * @throws DatabaseFailure if it passes: nothing was changed
     */
    PartialRestore apply(PgSession live, PartialPlan.Ready ready, Duration lockTimeout, Bracket bracket) {
        if (!early.touched.refusals.isEmpty()) return refused(early);
        boolean committed = false;
        try {
            live.execute("begin isolation level read committed read write");
            bracket.first().accept(live);
            Locks.take(live, planned(ready), lockTimeout);
            long began = System.nanoTime();
            WrittenRows written = new WrittenRows(live);
            try (Draft draft = early.again(live, since)) {
                looked();
                if (!draft.touched.refusals.isEmpty()) return refused(draft);
                Optional<String> more = more(draft, ready);
                if (more.isPresent()) return new Failed(more.get());
                Proof proof = new Proof(draft);
                Optional<String> flaw = write(draft, proof, written);
                if (flaw.isPresent()) return new Failed(flaw.get());
                PartialRestore outcome = commit(draft, ready, proof, began, bracket);
                committed = true;
                return outcome;
            }
        } catch (DatabaseFailure e) {
            if (new Fault(e).thrownOn()) throw e;
            return new Failed(reason(e, lockTimeout));
        } finally {
            if (!committed) end(live);
        }
    }

    private static Optional<String> write(Draft draft, Proof proof, WrittenRows written) {
        HeldTriggers held = HeldTriggers.hold(draft);
        proof.sent(new Writes(draft).write());
        Locks.parents(draft);
        draft.touched.live.execute("set constraints all immediate");
        Optional<String> flaw = proof.flaw(draft);
        if (flaw.isPresent()) return flaw;
        held.release();
        return written.beyond(draft);
    }

    private static PartialRestore commit(
            Draft draft, PartialPlan.Ready ready, Proof proof, long began, Bracket bracket) {
        PgSession live = draft.touched.live;
        List<String> sequences = new ArrayList<>();
        for (Pair pair : draft.touched.named.values()) {
            sequences.addAll(OwnedSequence.putForward(live, draft.touched.copy, pair));
        }
        for (Pair pair : draft.touched.addedTo.values()) {
            sequences.addAll(OwnedSequence.putForward(live, draft.touched.copy, pair));
        }
        String transaction =
                live.query("select pg_current_xact_id()::text as id").getFirst().getString("id");
        List<PartialStep> steps = draft.steps();
        List<TableLoss> loss = draft.loss();
        boolean asPlanned = steps.equals(ready.steps()) && loss.equals(ready.loss());
        Optional<DatabaseFailure> silence = Optional.empty();
        try {
            bracket.last().accept(live);
        } catch (DatabaseFailure e) {
            if (e.sqlState() != null && !e.sqlState().startsWith("57P")) throw e;
            silence = Optional.of(e);
        }
        Duration locked = Duration.ofNanos(System.nanoTime() - began);
        Applied applied = new Applied(steps, loss, asPlanned, sequences, proof.remaining(draft), locked);
        if (silence.isEmpty()) return applied;
        return new Unknown(transaction, String.valueOf(silence.get().getMessage()), applied);
    }

    /** The tables of the plan, in the order of names, as everybody should lock them. */
    private List<Table> planned(PartialPlan.Ready ready) {
        Set<String> names = new TreeSet<>();
        early.touched.named.values().forEach(pair -> names.add(pair.name()));
        ready.steps().forEach(step -> names.add(step.table()));
        return names.stream()
                .flatMap(name -> early.touched.liveTables.named(name).stream())
                .toList();
    }

    /** Rows may be more or fewer than planned; tables and foreign keys may not be others. */
    private static Optional<String> more(Draft draft, PartialPlan.Ready ready) {
        Set<String> planned = new TreeSet<>();
        ready.steps().forEach(step -> planned.add(reach(step)));
        return draft.steps().stream()
                .filter(step -> !step.constraint().isEmpty())
                .filter(step -> !planned.contains(reach(step)))
                .findFirst()
                .map(step -> "since the plan was made, " + step.rows() + " rows of " + step.table()
                        + " came to be concerned by " + step.constraint() + ": make the plan again");
    }

    private static String reach(PartialStep step) {
        return step.act() + " " + step.table() + " " + step.constraint();
    }

    private static Failed refused(Draft draft) {
        return new Failed(String.join("; ", draft.touched.refusals));
    }

    private static void end(PgSession session) {
        try {
            session.execute("rollback");
        } catch (DatabaseFailure e) {
            // the session is gone, and its transaction with it
        }
    }

    private static String reason(DatabaseFailure failure, Duration lockTimeout) {
        return "55P03".equals(failure.sqlState())
                ? "others hold locks on the tables or their rows for longer than " + lockTimeout.toMillis() + " ms"
                : new Fault(failure).says();
    }

    private void looked() {
        if (!over) end(looking);
        over = true;
    }

    @Override
    public void close() {
        early.close();
        looked();
        end(copy);
    }
}
