package dev.ripcord.rollback.report;

import dev.ripcord.databases.Targets;
import dev.ripcord.events.Plan;
import dev.ripcord.events.RollbackEvent;
import dev.ripcord.events.RollbackOutcomeEvent;
import dev.ripcord.events.RollbackOutcomeEvent.Completed;
import dev.ripcord.events.RollbackOutcomeEvent.CompletedInPlace;
import dev.ripcord.events.RollbackOutcomeEvent.Failed;
import dev.ripcord.events.RollbackOutcomeEvent.Moved;
import dev.ripcord.events.RollbackOutcomeEvent.Refused;
import dev.ripcord.events.RollbackOutcomeEvent.Undone;
import dev.ripcord.events.RollbackRequestEvent;
import dev.ripcord.events.TableLoss;
import dev.ripcord.events.VerificationEvent;
import dev.ripcord.events.VerificationEvent.CheckResult;
import dev.ripcord.events.WatchEvent;
import dev.ripcord.rollback.alert.AlertBook;
import dev.ripcord.rollback.report.Document.Draft;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Everything that is to be said of one rollback. It holds names of databases, tables and people, and figures: no rows, no
 * values that a check found, and nothing that looks like a password.
 */
final class IncidentReport {

    private final String rollback;
    private final Story story;
    private final Targets targets;
    private final List<AlertBook.Entry> alerts;
    private final Draft draft = new Draft();

    private IncidentReport(String rollback, Story story, Targets targets, List<AlertBook.Entry> alerts) {
        this.rollback = rollback;
        this.story = story;
        this.targets = targets;
        this.alerts = alerts;
    }

    static Document of(String rollback, Story story, Targets targets, List<AlertBook.Entry> alerts) {
        return new IncidentReport(rollback, story, targets, alerts).document();
    }

    private Document document() {
        String database = story.told().getFirst().event().database();
        draft.fact("Database", database).fact("Rollback", rollback);
        request();
        plan();
        outcome();
        evidence();
        logs();
        timing();
        draft.heading("Timeline")
                .table(List.of("Time", "Since the beginning", "What happened"), Timeline.of(story), "Nothing.");
        loss();
        verification();
        PostMortem.of(rollback, story).into(draft);
        return draft.titled("Incident report: rollback of " + database);
    }

    private void request() {
        story.first(RollbackRequestEvent.Requested.class)
                .ifPresent(asked -> draft.fact("Asked for by", asked.requestedBy())
                        .fact("Why", asked.reason())
                        .fact("Migration", asked.migration())
                        .fact("Takes back rollback", asked.undoes())
                        .fact("What is wrong", asked.signals() == null ? null : String.join(", ", asked.signals()))
                        .fact("Although the decision policy says otherwise", asked.overrides()));
        draft.fact(
                "Approved by",
                story.last(RollbackEvent.Started.class)
                        .map(RollbackEvent.Started::approvedBy)
                        .orElse(null));
        draft.fact(
                "One alone approved what several must",
                story.last(RollbackEvent.GlassBroken.class)
                        .map(broken -> broken.approver() + ": " + broken.reason())
                        .orElse(null));
    }

    private void plan() {
        Optional<Plan> last = story.last(RollbackEvent.Planned.class).map(RollbackEvent.Planned::plan);
        last.ifPresent(plan -> {
            draft.fact("Method", plan.method())
                    .fact("Back to", Wording.time(plan.takenAt()) + (plan.proven() ? ", proven" : ", not proven"))
                    .fact("Snapshot", plan.snapshot())
                    .fact("Plan", plan.hash());
            if (plan.advice() != null) {
                draft.fact(
                        "Decision policy",
                        plan.advice().decision() + ": "
                                + String.join(" ", plan.advice().reasons()));
            }
        });
    }

    private void outcome() {
        draft.heading("Outcome");
        switch (story.outcome().orElse(null)) {
            case null -> draft.paragraph("It has not ended yet.");
            case Completed done -> {
                draft.fact("Ended", "completed: the database is back at its snapshot and open")
                        .fact("Outage", Wording.millis(done.outageMillis()))
                        .fact("From request to outcome", Wording.millis((double) done.totalMillis()))
                        .fact("The failed database is kept as", done.failedDatabase())
                        .fact("On the database itself", String.join("; ", done.properties()));
                undo(done.undo());
            }
            case CompletedInPlace done -> {
                draft.fact("Ended", "completed: the database was put right where it stands, it was not closed")
                        .fact("From request to outcome", Wording.millis((double) done.totalMillis()))
                        .fact("Snapshot taken just before", done.emergencySnapshot())
                        .fact("Done", String.join("; ", done.changes()));
                undo(done.undo());
            }
            case Moved moved -> {
                draft.fact("Ended", "completed: the snapshot is open on the second server")
                        .fact("It is at", moved.connection())
                        .fact(
                                "The failed database is kept at",
                                moved.oldConnection() + (moved.oldClosed() ? ", closed" : ", open"))
                        .fact("Did not come along", String.join("; ", moved.notBrought()))
                        .fact("From request to outcome", Wording.millis((double) moved.totalMillis()));
                undo(moved.undo());
            }
            case Failed failed ->
                draft.fact("Ended", "failed")
                        .fact("What failed", failed.reason())
                        .fact("The database stands", failed.state())
                        .add(new Document.Block.Paragraph("Next:"))
                        .command(failed.next());
            case Undone undone ->
                draft.fact("Ended", "undone: the database from before rollback " + undone.undoes() + " is live again")
                        .fact("Outage", Wording.millis(undone.outageMillis()))
                        .fact("From request to outcome", Wording.millis((double) undone.totalMillis()))
                        .fact("The other database is kept as", undone.keptDatabase());
            case Refused refused ->
                draft.fact("Ended", "refused, nothing was changed")
                        .fact("Why", refused.reason())
                        .add(new Document.Block.Paragraph("Next:"))
                        .command(refused.next());
        }
        List<List<String>> failures = story.told().stream()
                .filter(told -> told.event() instanceof RollbackEvent.Overdue
                        || told.event() instanceof RollbackEvent.Fell
                        || told.event() instanceof VerificationEvent.Failed
                        || told.event() instanceof WatchEvent.Regressed)
                .map(told -> Timeline.of(new Story(List.of(told))).getFirst())
                .map(line -> List.of(line.get(0), line.get(2)))
                .toList();
        draft.heading("What failed on the way").table(List.of("Time", "What"), failures, "Nothing.");
    }

    private void undo(String command) {
        draft.add(new Document.Block.Paragraph("To take it back:")).command(command);
    }

    private void evidence() {
        if (alerts.isEmpty()) return;
        List<List<String>> rows = alerts.stream()
                .map(alert -> List.of(
                        alert.name(),
                        Wording.time(alert.startsAt()),
                        alert.resolvedAt() == null ? "fires still" : Wording.time(alert.resolvedAt()),
                        alert.labels().entrySet().stream()
                                .sorted(Map.Entry.comparingByKey())
                                .map(label -> label.getKey() + "=" + label.getValue())
                                .collect(Collectors.joining(", ")),
                        alert.summary()))
                .toList();
        draft.heading("Evidence: the alerts that asked")
                .table(List.of("Alert", "Since", "Until", "Labels", "What it says"), rows, "");
    }

    /** Each line that a service logs about a rollback has its id under the key {@code rollback}. */
    private void logs() {
        draft.heading("Evidence: logs")
                .fact("Lines of every service with", "rollback=" + rollback)
                .fact("From", Wording.time(story.began()))
                .fact("To", Wording.time(story.told().getLast().at()));
    }

    private void timing() {
        List<List<String>> rows = Timing.of(story, targets).stream()
                .map(timing -> List.of(
                        timing.phase().words(),
                        Wording.millis(timing.millis()),
                        timing.target() == null ? "–" : Wording.millis(timing.target()),
                        timing.target() == null ? "" : timing.missed() ? "MISSED" : "kept"))
                .toList();
        draft.heading("Times, against what was promised")
                .table(List.of("Phase", "Took", "Promised", ""), rows, "Nothing was timed.");
    }

    private void loss() {
        Optional<List<TableLoss>> counted =
                story.last(RollbackEvent.LossCounted.class).map(RollbackEvent.LossCounted::loss);
        List<TableLoss> loss = counted.or(() -> story.outcome().flatMap(IncidentReport::lost))
                .or(() -> story.last(RollbackEvent.Planned.class)
                        .map(planned -> planned.plan().loss()))
                .orElse(List.of());
        List<List<String>> rows = loss.stream()
                .filter(table -> table.inserted() + table.updated() + table.deleted() > 0)
                .sorted(Comparator.comparingLong(
                                (TableLoss table) -> table.inserted() + table.updated() + table.deleted())
                        .reversed())
                .map(table -> List.of(
                        table.table(),
                        Long.toString(table.inserted()),
                        Long.toString(table.updated()),
                        Long.toString(table.deleted()),
                        table.exact() ? "counted" : "estimate"))
                .toList();
        draft.heading("What was lost: rows written since the snapshot")
                .table(List.of("Table", "Inserted", "Updated", "Deleted", ""), rows, "No rows.");
        story.last(RollbackEvent.Planned.class)
                .filter(planned -> story.outcome().map(IncidentReport::changed).orElse(true))
                .map(planned -> planned.plan().losses())
                .ifPresent(losses -> draft.fact(
                                "Gone with it",
                                losses.vanishing().stream()
                                        .map(each -> each.kind() + " " + each.name())
                                        .collect(Collectors.joining(", ")))
                        .fact("There again", String.join("; ", losses.returning())));
    }

    /** What an outcome itself says; where it changed something and says nothing, the figures of the plan stand. */
    private static Optional<List<TableLoss>> lost(RollbackOutcomeEvent outcome) {
        return switch (outcome) {
            case Completed completed -> Optional.of(completed.loss());
            case CompletedInPlace completed -> Optional.of(completed.loss());
            case Undone _ -> Optional.of(List.of());
            case Moved _, Failed _, Refused _ -> changed(outcome) ? Optional.empty() : Optional.of(List.of());
        };
    }

    private static boolean changed(RollbackOutcomeEvent outcome) {
        return switch (outcome) {
            case Failed failed -> !failed.state().startsWith("unchanged");
            case Refused _ -> false;
            case Completed _, CompletedInPlace _, Moved _, Undone _ -> true;
        };
    }

    private void verification() {
        draft.heading("Verification");
        switch (story.last(VerificationEvent.class).orElse(null)) {
            case null -> draft.paragraph("None.");
            case VerificationEvent.Requested _ -> draft.paragraph("Asked for, not answered yet.");
            case VerificationEvent.Passed passed -> checks("passed", passed.checks());
            case VerificationEvent.Failed failed -> checks("FAILED", failed.checks());
            case VerificationEvent.Inconclusive open -> checks("inconclusive", open.checks());
        }
        story.last(WatchEvent.class).ifPresent(watch -> {
            switch (watch) {
                case WatchEvent.Regressed regressed -> checks("regressed afterwards", regressed.checks());
                case WatchEvent.Settled settled ->
                    checks("after the close watch: " + settled.verdict(), settled.checks());
                case WatchEvent.Completed done -> checks("after the long watch: " + done.verdict(), done.checks());
            }
        });
    }

    private void checks(String verdict, List<CheckResult> checks) {
        draft.fact("Verdict", verdict)
                .table(
                        List.of("Check", "Verdict", "Took", "Found something about"),
                        checks.stream()
                                .map(check -> List.of(
                                        check.check(),
                                        check.verdict().name(),
                                        Wording.millis((double) check.millis()),
                                        Wording.subjects(check)))
                                .toList(),
                        "No checks.");
    }
}
