package dev.ripcord.databases;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonSubTypes.Type;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.net.URI;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What delivers the application of a database.
 *
 * @param match what a rollout that concerns this database says of itself, all of it: {@code service}, {@code environment}
 * @param hold what keeps delivery back while a rollback is under way; null where nothing does
 */
public record DeliverySystem(
        Map<String, String> match, @Nullable Hold hold) {

    public DeliverySystem(@Nullable Map<String, String> match, @Nullable Hold hold) {
        this.match = match == null ? Map.of() : Map.copyOf(match);
        this.hold = hold;
    }

    /** Whether a rollout of this service to this environment concerns the database. */
    public boolean concerns(@Nullable String service, @Nullable String environment) {
        return !match.isEmpty()
                && match.entrySet().stream()
                        .allMatch(wanted -> Objects.equals(
                                wanted.getValue(), wanted.getKey().equals("service") ? service : environment));
    }

    /** Keeps delivery back around a rollback. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    @JsonSubTypes({
        @Type(value = ArgoCd.class, name = "argocd"),
        @Type(value = Http.class, name = "http"),
    })
    public sealed interface Hold {

        /** Whether a rollback is refused, before the fence, where delivery cannot be paused. */
        boolean required();
    }

    /**
     * An application of Argo CD: its automated sync is switched off, and on again as it was.
     *
     * @param server address of the API server, for example {@code https://argocd.example.org}
     * @param namespace of the application, null for Argo CD's own
     * @param project null where the token may see the application without it
     * @param token of an account that may {@code get} and {@code update} the application
     */
    public record ArgoCd(
            URI server,
            String application,
            @Nullable String namespace,
            @Nullable String project,
            Secret token,
            boolean required)
            implements Hold {}

    /**
     * Any other system: two addresses called with POST.
     *
     * @param token sent as bearer token, null where none is needed
     */
    public record Http(URI pause, URI resume, @Nullable Secret token, boolean required) implements Hold {}
}
