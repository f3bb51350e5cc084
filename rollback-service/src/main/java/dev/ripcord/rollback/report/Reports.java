package dev.ripcord.rollback.report;

import dev.ripcord.databases.Databases;
import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.databases.Targets;
import dev.ripcord.rollback.alert.AlertBook;
import dev.ripcord.rollback.audit.Entry;
import dev.ripcord.rollback.audit.Trail;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Puts the reports together from the audit trail and the alerts. */
@ApplicationScoped
class Reports {

    private static final int AT_ONCE = 200;

    private final Trail trail;
    private final Databases databases;
    private final AlertBook alerts;

    Reports(Trail trail, Databases databases, AlertBook alerts) {
        this.trail = trail;
        this.databases = databases;
        this.alerts = alerts;
    }

    /** What the trail holds of a rollback; empty where it holds nothing. */
    Optional<Story> story(String rollback) {
        List<Entry> entries = new ArrayList<>();
        List<Entry> page = trail.page(rollback, 0, AT_ONCE);
        while (!page.isEmpty()) {
            entries.addAll(page);
            page = trail.page(rollback, page.getLast().position(), AT_ONCE);
        }
        Story story = Story.of(entries);
        return story.told().isEmpty() ? Optional.empty() : Optional.of(story);
    }

    /** The report of a rollback, also while it is under way. */
    Optional<Document> report(String rollback) {
        return story(rollback)
                .map(story -> IncidentReport.of(rollback, story, targets(story), alerts.evidence(rollback)));
    }

    /** How long each phase took that is over. */
    List<Timing> timings(Story story) {
        return Timing.of(story, targets(story));
    }

    private Targets targets(Story story) {
        return databases
                .find(story.told().getFirst().event().database())
                .map(EnrolledDatabase::targets)
                .orElse(Targets.NONE);
    }
}
