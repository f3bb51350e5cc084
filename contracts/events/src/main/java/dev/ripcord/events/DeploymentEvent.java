package dev.ripcord.events;

import org.jspecify.annotations.Nullable;

/**
 * What a CD system says of a release that is being rolled out: context for plans and reports. Its {@code database} may be
 * empty where the service and the environment say, by {@code databases.yaml}, which databases it is about.
 */
public sealed interface DeploymentEvent extends RipcordEvent {

    /** The rollout's id, as its CD system names it. */
    String deployment();

    /** What is rolled out, for example {@code shop-api}; null where it is not said. */
    @Nullable
    String service();

    /** Where to, in the CD system's words; null where it is not said. */
    @Nullable
    String environment();

    /** The image or package, for example a package URL; null where it is not said. */
    @Nullable
    String image();

    /** A rollout began. */
    record Started(
            String database,
            String deployment,
            String release,
            @Nullable String startedBy,
            @Nullable String service,
            @Nullable String environment,
            @Nullable String image)
            implements DeploymentEvent {}

    /** A rollout ended well. */
    record Completed(
            String database,
            String deployment,
            String release,
            @Nullable String startedBy,
            @Nullable String service,
            @Nullable String environment,
            @Nullable String image)
            implements DeploymentEvent {}

    /** A rollout ended badly. */
    record Failed(
            String database,
            String deployment,
            String release,
            String reason,
            @Nullable String startedBy,
            @Nullable String service,
            @Nullable String environment,
            @Nullable String image)
            implements DeploymentEvent {}

    /**
     * Something else happened to a service or an environment that this database belongs to.
     *
     * @param deployment its id, as its sender names it
     * @param what in the words of CDEvents, for example {@code service.removed} or {@code incident.detected}
     * @param detail what its sender says of it, for people
     */
    record Noted(
            String database,
            String deployment,
            String what,
            @Nullable String service,
            @Nullable String environment,
            @Nullable String image,
            @Nullable String detail)
            implements DeploymentEvent {}
}
