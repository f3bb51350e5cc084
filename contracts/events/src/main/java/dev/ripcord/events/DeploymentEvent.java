package dev.ripcord.events;

import org.jspecify.annotations.Nullable;

/** What a CD system says of a release that is being rolled out: context for plans and reports. */
public sealed interface DeploymentEvent extends RipcordEvent {

    /** The rollout's id, as its CD system names it. */
    String deployment();

    /** A rollout began. */
    record Started(
            String database,
            String deployment,
            String release,
            @Nullable String startedBy) implements DeploymentEvent {}

    /** A rollout ended well. */
    record Completed(String database, String deployment, String release) implements DeploymentEvent {}

    /** A rollout ended badly. */
    record Failed(String database, String deployment, String release, String reason) implements DeploymentEvent {}
}
