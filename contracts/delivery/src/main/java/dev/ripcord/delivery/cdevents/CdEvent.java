package dev.ripcord.delivery.cdevents;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ripcord.events.Envelope;
import dev.ripcord.events.RollbackEvent;
import dev.ripcord.events.RollbackOutcomeEvent;
import dev.ripcord.events.VerificationEvent;
import dev.ripcord.events.VerificationEvent.CheckResult;
import dev.ripcord.events.VerificationEvent.Verdict;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A CDEvent (specification 0.5.1) that says what an event of ours says. The rollback's id is the chain, so that what belongs
 * to one rollback is found together. A database is a service that runs an artifact: its snapshot, named by a package URL.
 *
 * @param type the CDEvents and CloudEvents type
 * @param subject the CloudEvents subject
 * @param document the full CDEvent, which is the CloudEvent's data
 */
public record CdEvent(String id, String type, String subject, ObjectNode document) {

    private static final String SPECIFICATION = "0.5.1";

    /** What an announced event means to whoever speaks CDEvents; nothing for most. */
    public static List<CdEvent> of(Envelope<?> envelope, String environment) {
        Writer write = new Writer(envelope, environment);
        return switch (envelope.event()) {
            case RollbackEvent.Started started ->
                List.of(write.incident(
                        "detected",
                        started.rollback(),
                        "database " + started.database() + " is being taken back: rollback " + started.rollback()));
            case RollbackOutcomeEvent.Completed done ->
                List.of(
                        write.rolledBack(done.rollback(), done.snapshot()),
                        write.resolved(done.rollback(), "it is back at snapshot " + done.snapshot()));
            case RollbackOutcomeEvent.CompletedInPlace done ->
                List.of(
                        write.rolledBack(done.rollback(), done.rollback()),
                        write.resolved(done.rollback(), "it was put right where it stands"));
            case RollbackOutcomeEvent.Moved moved ->
                List.of(
                        write.rolledBack(moved.rollback(), moved.snapshot()),
                        write.resolved(moved.rollback(), "snapshot " + moved.snapshot() + " is live elsewhere"));
            case RollbackOutcomeEvent.Undone undone ->
                List.of(write.resolved(undone.rollback(), "rollback " + undone.undoes() + " was taken back"));
            case RollbackOutcomeEvent.Failed failed -> List.of(write.reported(failed));
            case VerificationEvent.Passed said ->
                List.of(write.verified(said.verification(), said.rollback(), "success", said.checks()));
            case VerificationEvent.Failed said ->
                List.of(write.verified(said.verification(), said.rollback(), "failure", said.checks()));
            case VerificationEvent.Inconclusive said ->
                List.of(write.verified(said.verification(), said.rollback(), "error", said.checks()));
            default -> List.of();
        };
    }

    private record Writer(Envelope<?> envelope, String environment) {

        CdEvent rolledBack(String rollback, String artifact) {
            ObjectNode content = content().put("artifactId", artifact(artifact));
            return event("service.rolledback", rollback, envelope.event().database(), content);
        }

        CdEvent incident(String predicate, String rollback, String description) {
            return incident(predicate, rollback, content().put("description", description));
        }

        CdEvent resolved(String rollback, String how) {
            return incident("resolved", rollback, "database " + envelope.event().database() + ": " + how);
        }

        /** Somebody must see to it. */
        CdEvent reported(RollbackOutcomeEvent.Failed failed) {
            return incident(
                    "reported",
                    failed.rollback(),
                    content()
                            .put("description", failed.state() + "; " + failed.reason() + "; next: " + failed.next())
                            .put("ticketURI", "urn:ripcord:rollback:" + encoded(failed.rollback())));
        }

        CdEvent verified(String verification, @Nullable String rollback, String outcome, List<CheckResult> checks) {
            String reason = checks.stream()
                    .filter(check -> check.verdict() != Verdict.passed)
                    .map(check -> check.check() + " " + check.verdict())
                    .collect(Collectors.joining(", "));
            ObjectNode content = content().put("outcome", outcome);
            if (!reason.isEmpty()) content.put("severity", "critical").put("reason", reason);
            content.putObject("testSuite").put("id", "ripcord-verification").put("name", "Verification of a database");
            return event("testsuiterun.finished", rollback == null ? verification : rollback, verification, content);
        }

        private CdEvent incident(String predicate, String rollback, ObjectNode content) {
            content.putObject("service").put("id", envelope.event().database());
            return event("incident." + predicate, rollback, rollback, content);
        }

        private ObjectNode content() {
            ObjectNode content = JsonNodeFactory.instance.objectNode();
            content.putObject("environment").put("id", environment);
            return content;
        }

        private CdEvent event(String what, String chain, String subject, ObjectNode content) {
            String type = "dev.cdevents." + what + ".0.3.0";
            String id = envelope.id() + "-" + what;
            ObjectNode document = JsonNodeFactory.instance.objectNode();
            document.putObject("context")
                    .put("specversion", SPECIFICATION)
                    .put("id", id)
                    .put("source", envelope.source())
                    .put("type", type)
                    .put("timestamp", envelope.time().toString())
                    .put("chainId", chain);
            document.putObject("subject").put("id", subject).set("content", content);
            document.putObject("customData").put("database", envelope.event().database());
            document.put("customDataContentType", "application/json");
            return new CdEvent(id, type, subject, document);
        }

        private String artifact(String version) {
            return "pkg:generic/" + encoded(envelope.event().database()) + "@" + encoded(version);
        }

        private static String encoded(String text) {
            return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
        }
    }
}
