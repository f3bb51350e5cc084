package dev.ripcord.databases;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where others' systems tell something, by its id in the address: alerts at {@code /alerts/ID}, rollouts at {@code
 * /deployments/ID}.
 *
 * @param token a bearer token of this intake alone; null where a signature is asked for
 * @param signingKey key of the HMAC-SHA256 over the body; null where a token is asked for
 * @param fields of kind {@code generic}: where in the body each field of an alert is, as JSON pointers
 */
public record Intake(
        String id,
        Kind kind,
        @Nullable Secret token,
        @Nullable Secret signingKey,
        Map<String, String> fields) {

    public Intake(
            String id,
            Kind kind,
            @Nullable Secret token,
            @Nullable Secret signingKey,
            @Nullable Map<String, String> fields) {
        this.id = id;
        this.kind = kind;
        this.token = token;
        this.signingKey = signingKey;
        this.fields = fields == null ? Map.of() : Map.copyOf(fields);
    }

    /** What the sender speaks. */
    public enum Kind {
        alertmanager,
        grafana,
        generic,
        /** GitHub's webhook of deployments, not of alerts. */
        github
    }
}
