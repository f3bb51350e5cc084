package dev.ripcord.rollback.intake;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Whether Slack has sent a body: {@code v0=} and the hexadecimal HMAC-SHA256 of {@code v0:timestamp:body}, made within the last
 * five minutes (<a href="https://docs.slack.dev/authentication/verifying-requests-from-slack">docs.slack.dev</a>).
 */
final class SlackSignature {

    private static final Duration LEEWAY = Duration.ofMinutes(5);

    private SlackSignature() {}

    static boolean fits(
            String secret, @Nullable String signature, @Nullable String timestamp, byte[] body, Instant now) {
        if (secret.isEmpty() || signature == null || timestamp == null || !timestamp.matches("\\d{1,12}")) return false;
        Instant at = Instant.ofEpochSecond(Long.parseLong(timestamp));
        if (Duration.between(at, now).abs().compareTo(LEEWAY) > 0) return false;
        byte[] expected =
                ("v0=" + HexFormat.of().formatHex(hmac(secret, timestamp, body))).getBytes(StandardCharsets.UTF_8);
        return MessageDigest.isEqual(signature.getBytes(StandardCharsets.UTF_8), expected);
    }

    private static byte[] hmac(String secret, String timestamp, byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            mac.update(("v0:" + timestamp + ":").getBytes(StandardCharsets.UTF_8));
            return mac.doFinal(body);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has HmacSHA256", e);
        }
    }
}
