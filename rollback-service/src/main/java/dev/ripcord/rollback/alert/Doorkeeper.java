package dev.ripcord.rollback.alert;

import dev.ripcord.databases.Intake;
import dev.ripcord.databases.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Whether a body comes from whom its intake is for: by its bearer token (RFC 6750), or by a signature as Grafana makes it,
 * the hexadecimal HMAC-SHA256 of {@code timestamp + ":" + body} with the time in seconds (grafana.com, "Webhook notifier,
 * HMAC signature").
 */
final class Doorkeeper {

    static final String SIGNATURE = "X-Grafana-Alerting-Signature";
    static final String TIMESTAMP = "X-Grafana-Alerting-Timestamp";

    private static final Duration LEEWAY = Duration.ofMinutes(5);

    private Doorkeeper() {}

    /** What a request carries to be let in. */
    record Credentials(
            @Nullable String authorization,
            @Nullable String signature,
            @Nullable String timestamp) {}

    /** Why it is not let in; empty where it is. */
    static Optional<String> refuses(Intake intake, Credentials given, byte[] body, Instant now) {
        Secret token = intake.token();
        if (token != null) return bearer(token, given.authorization());
        Secret key = intake.signingKey();
        if (key == null) return Optional.of("this intake has neither token nor signing key");
        return signed(key, given, body, now);
    }

    private static Optional<String> bearer(Secret token, @Nullable String authorization) {
        if (authorization == null || !authorization.regionMatches(true, 0, "Bearer ", 0, 7)) {
            return Optional.of("the intake's token is needed: Authorization: Bearer …");
        }
        byte[] given = authorization.substring(7).strip().getBytes(StandardCharsets.UTF_8);
        byte[] expected = token.resolve().getBytes(StandardCharsets.UTF_8);
        boolean same = expected.length > 0 && MessageDigest.isEqual(given, expected);
        return same ? Optional.empty() : Optional.of("this is not the intake's token");
    }

    private static Optional<String> signed(Secret key, Credentials given, byte[] body, Instant now) {
        String signature = given.signature();
        String timestamp = given.timestamp();
        if (signature == null || timestamp == null || !timestamp.matches("\\d{1,12}")) {
            return Optional.of(SIGNATURE + " and " + TIMESTAMP + " are needed, the time in seconds");
        }
        Duration age = Duration.between(Instant.ofEpochSecond(Long.parseLong(timestamp)), now)
                .abs();
        if (age.compareTo(LEEWAY) > 0) return Optional.of("the timestamp is more than five minutes away");
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key.resolve().getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            mac.update((timestamp + ":").getBytes(StandardCharsets.US_ASCII));
            byte[] expected = HexFormat.of().formatHex(mac.doFinal(body)).getBytes(StandardCharsets.US_ASCII);
            boolean same = MessageDigest.isEqual(signature.strip().getBytes(StandardCharsets.UTF_8), expected);
            return same ? Optional.empty() : Optional.of("the signature does not fit the body");
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return Optional.of("the intake's signing key cannot be used");
        }
    }
}
