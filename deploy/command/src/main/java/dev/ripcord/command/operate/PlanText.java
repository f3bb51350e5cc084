package dev.ripcord.command.operate;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ripcord.events.KafkaBinding;
import dev.ripcord.events.Plan;
import dev.ripcord.events.TableLoss;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A plan as people read it before they approve it: first what decides, then what it costs, then what to do. */
final class PlanText {

    private static final int SHOWN = 40;

    private final List<String> lines = new ArrayList<>();

    private PlanText() {}

    /** The plan in what the service shows of a rollback, as lines. */
    static List<String> of(String rollback, JsonNode plan) {
        return of(rollback, KafkaBinding.JSON.convertValue(plan, Plan.class), Instant.now());
    }

    static List<String> of(String rollback, Plan plan, Instant now) {
        PlanText text = new PlanText();
        text.head(plan, now);
        text.deployments(plan);
        text.advice(plan);
        text.losses(plan);
        text.obstacles(plan);
        text.consent(rollback, plan, now);
        return text.lines;
    }

    private void head(Plan plan, Instant now) {
        lines.add("Plan: " + plan.method() + ", back to " + plan.takenAt() + ", " + age(plan.takenAt(), now) + " ago");
        line(
                "from",
                plan.snapshot()
                        + (plan.proven() ? ", proven" : ", NOT proven")
                        + (plan.warmShadow() ? ", its copy is ready" : ", its copy must be restored first"));
        Plan.Estimate estimate = plan.estimate();
        line(
                "takes",
                "about " + estimate.outageMillis() + " ms outage"
                        + (estimate.durationMillis() == null
                                ? ""
                                : String.format(Locale.ROOT, ", %.1f s in all", estimate.durationMillis() / 1000.0))
                        + (estimate.basis().isEmpty() ? "" : " (" + estimate.basis() + ")"));
        plan.steps().forEach(step -> line("does", step));
        plan.rungs().forEach(rung -> line("else", rung));
    }

    private void deployments(Plan plan) {
        if (plan.deployments() == null) return;
        for (Plan.Deployed told : plan.deployments()) {
            line(
                    "rollout",
                    Stream.of(
                                    told.release() == null ? told.what() : told.release() + " " + told.what(),
                                    at(" of ", told.service()) + at(" to ", told.environment()),
                                    at(" by ", told.by()) + at(", ", told.image()),
                                    " at " + told.at() + at(": ", told.detail()))
                            .collect(Collectors.joining()));
        }
    }

    private static String at(String before, @Nullable String text) {
        return text == null ? "" : before + text;
    }

    private void advice(Plan plan) {
        Plan.Advice advice = plan.advice();
        if (advice == null) return;
        line("policy", advice.decision() + " (" + advice.rule() + ")");
        advice.reasons().forEach(reason -> line("", reason));
        for (Plan.Fix fix : advice.fixes()) {
            line("or mend it", fix.what() + (fix.caution().isEmpty() ? "" : " " + fix.caution()));
            if (fix.sql() != null) fix.sql().lines().forEach(sql -> line("", "  " + sql));
        }
    }

    private void losses(Plan plan) {
        Plan.Losses losses = plan.losses();
        if (losses.tables().isEmpty()) {
            line("loses", Plan.Losses.countedBy(plan.method()) ? "no rows" : "not counted");
        }
        losses.tables().stream().limit(SHOWN).forEach(table -> line("loses", rows(table)));
        more(losses.tables().size());
        losses.vanishing().stream().limit(SHOWN).forEach(gone -> line("vanishes", vanishing(gone)));
        more(losses.vanishing().size());
        losses.returning().stream().limit(SHOWN).forEach(back -> line("comes back", back));
        more(losses.returning().size());
        if (!losses.basis().isEmpty()) line("figures", losses.basis());
    }

    private static String rows(TableLoss table) {
        return (table.exact() ? "" : "about ") + table.table() + ": " + table.inserted() + " new rows, "
                + table.updated() + " changes; " + table.deleted() + " deleted rows come back"
                + (table.exact() ? "" : " (estimated)");
    }

    private static String vanishing(Plan.Vanishing gone) {
        if (gone.values() == null) return gone.kind() + " " + gone.name();
        return gone.kind() + " " + gone.name() + " with " + gone.values()
                + (gone.kind().equals("column") ? " values" : " rows");
    }

    private void obstacles(Plan plan) {
        for (Plan.Obstacle obstacle : plan.obstacles()) {
            line(obstacle.stops() ? "STOPPED BY" : "mind", obstacle.kind() + ": " + obstacle.what());
            line("", "  " + obstacle.advice());
        }
    }

    private void consent(String rollback, Plan plan, Instant now) {
        Plan.Consent consent = plan.consent();
        line("hash", plan.hash());
        if (consent.word() == null) {
            line("approval", consent.approval());
            return;
        }
        line(
                "approval",
                (consent.approvers() == 1 ? "one approver types " : consent.approvers() + " approvers type ")
                        + consent.word()
                        + (plan.expired(now) ? "; it EXPIRED at " : ", until ")
                        + plan.times().expiresAt());
        line("", "ripcord rollback approve " + rollback + " --plan " + plan.hash() + " --word " + consent.word());
    }

    private void more(int all) {
        if (all > SHOWN) line("", "and " + (all - SHOWN) + " more: --json shows all");
    }

    private void line(String label, String text) {
        lines.add(String.format(Locale.ROOT, "  %-11s %s", label, text));
    }

    private static String age(Instant from, Instant now) {
        Duration age = Duration.between(from, now);
        if (age.toHours() >= 48) return age.toDays() + " days";
        if (age.toMinutes() >= 120) return age.toHours() + " h";
        return age.toMinutes() >= 2 ? age.toMinutes() + " min" : Math.max(0, age.toSeconds()) + " s";
    }
}
