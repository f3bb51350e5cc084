package dev.ripcord.rollback.method.partial;

import dev.ripcord.databases.DatabaseFailure;
import dev.ripcord.databases.PgSession;
import dev.ripcord.events.TableLoss;
import dev.ripcord.rollback.method.Bracket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What became of a partial restore. */
public sealed interface PartialRestore {

    /**
     * The tables are as they were at the snapshot, and nothing else changed.
     *
     * @param steps what was done, which may differ from the plan by what was written in between
     * @param loss per table, as it was under the locks
     * @param asPlanned whether both are what the plan said
     * @param sequences those that were put forward, with the number they reached
     * @param notes what was found and left alone
     * @param locked how long writers of the tables were held off
     */
    record Applied(
            List<PartialStep> steps,
            List<TableLoss> loss,
            boolean asPlanned,
            List<String> sequences,
            List<String> notes,
            Duration locked)
            implements PartialRestore {
        public Applied {
            steps = List.copyOf(steps);
            loss = List.copyOf(loss);
            sequences = List.copyOf(sequences);
            notes = List.copyOf(notes);
        }
    }

    /** Nothing was changed; sequences may have been put forward, never back. */
    record Failed(String reason) implements PartialRestore {}

    /**
     * The server was told to commit and did not answer: ask {@link #committed} on a new session.
     *
     * @param transaction the full transaction id
     */
    record Unknown(String transaction, String reason, Applied ifCommitted) implements PartialRestore {}

    /**
     * Does what the plan says, in one transaction on the live database.
     *
     * @param live outside a transaction
     * @param copy the same that the plan was made with, or an equal one; only read
     * @param lockTimeout how long writers are waited for, all tables together
     */
    static PartialRestore apply(PgSession live, PgSession copy, PartialPlan.Ready ready, Duration lockTimeout) {
        return apply(live, copy, ready, lockTimeout, Bracket.PLAIN);
    }

    /** As above; the transaction on the live database is framed by more. */
    static PartialRestore apply(
            PgSession live, PgSession copy, PartialPlan.Ready ready, Duration lockTimeout, Bracket bracket) {
        try {
            copy.execute("begin isolation level repeatable read read only");
            try {
                return act(live, copy, ready, lockTimeout, bracket);
            } finally {
                end(copy);
            }
        } catch (DatabaseFailure e) {
            return new Failed(reason(e, lockTimeout));
        }
    }

    private static PartialRestore act(
            PgSession live, PgSession copy, PartialPlan.Ready ready, Duration lockTimeout, Bracket bracket) {
        boolean committed = false;
        live.execute("begin isolation level read committed read write");
        Proof proof = new Proof();
        bracket.first().accept(live);
        try (Draft early = Draft.of(live, copy, ready.tables(), ready.options())) {
            if (!early.touched.refusals.isEmpty()) return refused(early);
            early.touched.named.keySet().forEach(early::expected);
            Locks.take(live, planned(early, ready), lockTimeout);
            long began = System.nanoTime();
            WrittenRows written = new WrittenRows(live);
            try (Draft draft = early.again(ready.tables())) {
                draft.compare();
                if (!draft.touched.refusals.isEmpty()) return refused(draft);
                Optional<String> more = more(draft, ready);
                if (more.isPresent()) return new Failed(more.get());
                Optional<String> flaw = write(draft, proof, written);
                if (flaw.isPresent()) return new Failed(flaw.get());
                PartialRestore outcome = commit(draft, ready, proof, began, bracket);
                committed = true;
                return outcome;
            }
        } finally {
            if (!committed) end(live);
        }
    }

    private static Optional<String> write(Draft draft, Proof proof, WrittenRows written) {
        proof.tolerate(draft);
        HeldTriggers held = HeldTriggers.hold(draft);
        new Writes(draft).write();
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

    /** Whether an act whose end nobody heard of happened after all; empty while it is still going on, or too long ago. */
    static Optional<Boolean> committed(PgSession live, Unknown unknown) {
        String status = live.query(
                        "select coalesce(pg_xact_status($1::text::xid8), '') as status", unknown.transaction())
                .getFirst()
                .getString("status");
        return switch (status) {
            case "committed" -> Optional.of(true);
            case "aborted" -> Optional.of(false);
            default -> Optional.empty();
        };
    }

    /** The tables of the plan, in the order of names, as everybody should lock them. */
    private static List<Table> planned(Draft early, PartialPlan.Ready ready) {
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
                : String.valueOf(failure.getMessage());
    }
}
