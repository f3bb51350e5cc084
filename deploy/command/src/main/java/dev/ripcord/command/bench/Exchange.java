package dev.ripcord.command.bench;

import dev.ripcord.command.stack.Service;
import dev.ripcord.events.NotificationEvent;
import dev.ripcord.events.RestoreEvent;
import dev.ripcord.events.RipcordEvent;
import dev.ripcord.events.RollbackOutcomeEvent;
import dev.ripcord.events.RollbackRequestEvent;
import dev.ripcord.events.VerificationEvent;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A question to a service and its answer, as events on Kafka. It is one whose answer takes no work besides what every event
 * takes: being kept in the inbox, the state, the outbox.
 *
 * @param question with an id of its own
 * @param answer whether an event is the one answer to such a question
 */
record Exchange(Function<String, RipcordEvent> question, Predicate<RipcordEvent> answer) {

    private static final String NOT_ENROLLED = "not_enrolled";

    /**
     * The quickest answer of each service.
     *
     * @param enrolled a database whose events are told to the sample's channels
     */
    static Exchange with(Service service, String enrolled) {
        return switch (service) {
            case SNAPSHOT ->
                new Exchange(
                        id -> new RestoreEvent.Requested(NOT_ENROLLED, id, "none"),
                        event -> event instanceof RestoreEvent.Failed);
            case ROLLBACK ->
                new Exchange(
                        id -> new RollbackRequestEvent.Requested(
                                NOT_ENROLLED, id, "none", null, null, "the benchmark", "bench"),
                        event -> event instanceof RollbackOutcomeEvent.Refused);
            case VERIFIER ->
                new Exchange(
                        id -> new VerificationEvent.Requested(NOT_ENROLLED, id, null, "none", false, true, null),
                        event -> event instanceof VerificationEvent.Failed
                                || event instanceof VerificationEvent.Inconclusive);
            case NOTIFIER ->
                new Exchange(
                        id -> new RollbackOutcomeEvent.Refused(enrolled, id, "the benchmark asks", "go on"),
                        event -> event instanceof NotificationEvent.Delivered told
                                && told.channel().equals("subscriber"));
        };
    }
}
