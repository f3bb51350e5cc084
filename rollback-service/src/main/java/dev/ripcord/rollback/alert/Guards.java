package dev.ripcord.rollback.alert;

import dev.ripcord.databases.AlertRules;
import dev.ripcord.databases.AlertRules.Mode;
import dev.ripcord.databases.EnrolledDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What keeps an alert from asking for a rollback; pure. */
record Guards(EnrolledDatabase database, Instant now) {

    /**
     * All that is known.
     *
     * @param firing alerts of which nothing was decided
     * @param migration the newest migration, null where none is known
     * @param other a rollback of the database that is not finished, or changed it since the migration; null where there is none
     * @param asked when alerts asked for rollbacks of this database, in the last day and the last cool-down
     */
    record Known(
            List<Firing> firing,
            @Nullable Migration migration,
            @Nullable String other,
            List<Instant> asked) {}

    /**
     * A migration.
     *
     * @param begun when it began, or where that is not known, ended
     * @param ended null while it runs
     */
    record Migration(String id, Instant begun, @Nullable Instant ended) {}

    /** What follows. */
    sealed interface Answer {
        /** Nothing keeps them. */
        record Ask(Migration migration, List<Firing> counted) implements Answer {}

        /** Not yet; look again then. */
        record Wait(Instant until, String reason) implements Answer {}

        /** No. */
        record No(String reason) implements Answer {}
    }

    Answer about(Known known) {
        AlertRules rules = database.alerts();
        if (rules.in(database.environment()) == Mode.off) {
            return new Answer.No("alerts cause nothing here: alerts.mode of " + database.id() + " is off");
        }
        Migration migration = known.migration();
        if (migration == null) return new Answer.No("no migration of " + database.id() + " is known");
        Instant until =
                migration.ended() == null ? Instant.MAX : migration.ended().plus(rules.within());
        if (!now.isBefore(until)) {
            return new Answer.No("migration " + migration.id() + " ended more than " + words(rules.within()) + " ago");
        }
        List<Firing> since = known.firing().stream()
                .filter(alert -> !alert.since().isBefore(migration.begun()))
                .toList();
        if (since.isEmpty()) {
            return new Answer.No("firing already before migration " + migration.id() + " began");
        }
        return forbidden(rules, known)
                .<Answer>map(Answer.No::new)
                .orElseGet(() -> enough(rules, migration, since, until));
    }

    private Optional<String> forbidden(AlertRules rules, Known known) {
        if (database.frozen(now)) return Optional.of("changes are not wanted at this time: a freeze");
        if (known.other() != null) return Optional.of("rollback " + known.other() + " is there already");
        Instant day = now.minus(Duration.ofDays(1));
        long today = known.asked().stream().filter(day::isBefore).count();
        if (today >= rules.atMostPerDay()) {
            return Optional.of("alerts asked for " + today + " rollbacks in the last 24 hours, which is the limit");
        }
        return known.asked().stream()
                .max(Comparator.naturalOrder())
                .filter(last -> now.isBefore(last.plus(rules.coolDown())))
                .map(last -> "alerts asked for a rollback less than " + words(rules.coolDown()) + " ago");
    }

    private Answer enough(AlertRules rules, Migration migration, List<Firing> since, Instant until) {
        List<Instant> ripe = since.stream()
                .collect(java.util.stream.Collectors.toMap(
                        Firing::fingerprint, Firing::since, (one, other) -> one.isBefore(other) ? one : other))
                .values()
                .stream()
                .map(began -> began.plus(rules.soak()))
                .sorted()
                .toList();
        if (ripe.size() < rules.quorum()) {
            String reason = ripe.size() + " of " + rules.quorum() + " alerts that are needed";
            return new Answer.Wait(earlier(until, now.plus(Duration.ofMinutes(1))), reason);
        }
        Instant enough = ripe.get(rules.quorum() - 1);
        if (now.isBefore(enough)) {
            return new Answer.Wait(enough, "firing for less than " + words(rules.soak()));
        }
        if (migration.ended() == null) {
            return new Answer.Wait(now.plusSeconds(1), "migration " + migration.id() + " runs still");
        }
        List<Firing> counted = since.stream()
                .filter(alert -> !now.isBefore(alert.since().plus(rules.soak())))
                .toList();
        return new Answer.Ask(migration, counted);
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    private static String words(Duration duration) {
        return duration.toString().substring(2).toLowerCase(java.util.Locale.ROOT);
    }
}
