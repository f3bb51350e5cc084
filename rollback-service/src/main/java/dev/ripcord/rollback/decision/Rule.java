package dev.ripcord.rollback.decision;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.ripcord.databases.EnrolledDatabase.Environment;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One line of a policy.
 *
 * @param guard whether it stands before the rules of every database, and none can take its place
 */
record Rule(String name, boolean guard, When when, Then then) {

    Rule(
            @JsonProperty(required = true) String name,
            boolean guard,
            @Nullable When when,
            @JsonProperty(required = true) Then then) {
        this.name = name;
        this.guard = guard;
        this.when = when == null ? When.ALWAYS : when;
        this.then = then;
    }

    /** The four ways to decide. */
    enum Outcome {
        rollBack,
        fixForward,
        watch,
        refuse
    }

    /**
     * What a rule decides.
     *
     * @param methods the ladder of a rollback, or of the rollback that a person insists on
     * @param byItself where a rollback may begin without a person
     * @param forwardFix what to do instead
     * @param watchFor how long to watch
     * @param wayOut what has to change before a refusal falls
     */
    record Then(
            Outcome decision,
            List<Rung> methods,
            Set<Environment> byItself,
            boolean overridable,
            String reason,
            @Nullable String forwardFix,
            @Nullable Duration watchFor,
            @Nullable String wayOut) {

        Then(
                @JsonProperty(required = true) Outcome decision,
                @Nullable List<Rung> methods,
                @Nullable Set<Environment> byItself,
                boolean overridable,
                @JsonProperty(required = true) String reason,
                @Nullable String forwardFix,
                @Nullable Duration watchFor,
                @Nullable String wayOut) {
            this.decision = decision;
            this.methods = methods == null ? List.of() : List.copyOf(methods);
            this.byItself = byItself == null ? Set.of() : Set.copyOf(byItself);
            this.overridable = overridable;
            this.reason = reason;
            this.forwardFix = forwardFix;
            this.watchFor = watchFor;
            this.wayOut = wayOut;
        }
    }
}
