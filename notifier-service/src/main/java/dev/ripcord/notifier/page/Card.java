package dev.ripcord.notifier.page;

import dev.ripcord.events.TableLoss;
import dev.ripcord.notifier.incident.Incident;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One rollback on the page, every value a text.
 *
 * @param tone the class of its badge
 * @param command what to type next, null where nothing is to be typed
 */
record Card(
        String title,
        String badge,
        String tone,
        String when,
        String whenExactly,
        String rollback,
        List<Fact> facts,
        List<Loss> loss,
        String lossTitle,
        @Nullable String commandTitle,
        @Nullable String command) {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("d MMM yyyy, HH:mm:ss 'UTC'", Locale.ROOT);

    record Fact(String label, String value) {}

    record Loss(String table, String inserted, String updated, String deleted) {}

    static Card of(Incident incident, Instant now) {
        List<Fact> facts = facts(incident);
        List<Loss> loss = incident.loss().stream()
                .filter(table -> table.inserted() + table.updated() + table.deleted() > 0)
                .map(Card::loss)
                .toList();
        boolean undoable = incident.state() == Incident.State.completed && incident.undoneBy() == null;
        String undo = undoable ? incident.undo() : null;
        return new Card(
                (incident.undoes() == null ? "" : "Undo · ") + incident.database(),
                incident.undoneBy() == null ? incident.state().words() : "completed, undone since",
                tone(incident),
                ago(incident.firstAt(), now),
                time(incident.firstAt()),
                incident.rollback(),
                facts,
                loss,
                incident.lossExact()
                        ? "Rows lost, counted"
                        : incident.open() ? "Rows that will be lost, estimate" : "Rows lost, estimate",
                undo != null ? "To take it back" : incident.next() == null ? null : "Next",
                undo != null ? undo : incident.next());
    }

    static String time(Instant instant) {
        return TIME.format(instant.atOffset(ZoneOffset.UTC));
    }

    private static List<Fact> facts(Incident incident) {
        List<Fact> facts = new ArrayList<>();
        add(facts, "Reason", incident.reason());
        add(facts, "Why it ended", incident.outcomeReason());
        add(facts, "Declined", incident.declined());
        add(facts, "Database left", incident.leftAs());
        add(facts, "Outage", incident.outageMillis() == null ? null : duration(incident.outageMillis()));
        if (incident.open() && incident.estimatedOutageMillis() != null) {
            add(facts, "Expected outage", duration(incident.estimatedOutageMillis()));
        }
        add(facts, "Request to outcome", incident.totalMillis() == null ? null : duration(incident.totalMillis()));
        add(facts, "Last step", incident.open() ? incident.step() : null);
        add(facts, "Back to", incident.takenAt() == null ? null : time(incident.takenAt()));
        add(facts, "Failed database kept as", incident.keptDatabase());
        add(facts, "Verification", incident.verification());
        add(facts, "Migration", incident.migration());
        add(facts, "Snapshot", incident.snapshot());
        add(facts, "Requested by", incident.requestedBy());
        add(facts, "Approved by", incident.approvedBy());
        add(facts, "Takes back", incident.undoes());
        add(facts, "Taken back by", incident.undoneBy());
        add(facts, "Ended", incident.outcomeAt() == null ? null : time(incident.outcomeAt()));
        return facts;
    }

    private static void add(List<Fact> facts, String label, @Nullable String value) {
        if (value != null && !value.isBlank()) facts.add(new Fact(label, value));
    }

    private static Loss loss(TableLoss table) {
        return new Loss(table.table(), count(table.inserted()), count(table.updated()), count(table.deleted()));
    }

    private static String count(long rows) {
        return String.format(Locale.ROOT, "%,d", rows);
    }

    private static String tone(Incident incident) {
        return switch (incident.state()) {
            case completed, undone -> "good";
            case failed -> "bad";
            case refused -> "quiet";
            case waiting -> "ask";
            case requested, planned, running -> "busy";
        };
    }

    private static String duration(double millis) {
        if (millis < 1000) return Math.round(millis) + " ms";
        if (millis < 60_000) return String.format(Locale.ROOT, "%.1f s", millis / 1000);
        long seconds = Math.round(millis / 1000);
        return seconds / 60 + " min " + seconds % 60 + " s";
    }

    private static String ago(Instant then, Instant now) {
        long seconds = Math.max(0, Duration.between(then, now).toSeconds());
        if (seconds < 60) return "just now";
        if (seconds < 3600) return seconds / 60 + " min ago";
        if (seconds < 48 * 3600) return seconds / 3600 + " h ago";
        return seconds / 86_400 + " days ago";
    }
}
