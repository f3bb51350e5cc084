package dev.ripcord.rollback.deployments;

import dev.ripcord.databases.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * GitHub's signature of a body: {@code sha256=} and the hexadecimal HMAC-SHA256 under the webhook's secret (docs.github.com,
 * "Validating webhook deliveries").
 */
final class HubSignature {

    static final String HEADER = "X-Hub-Signature-256";

    private HubSignature() {}

    /**
     * Whether the signature fits, compared in constant time.
     *
     * @throws IllegalStateException if the secret cannot be read
     */
    static boolean fits(Secret secret, @Nullable String signature, byte[] body) {
        String key = secret.resolve();
        if (signature == null || key.isEmpty()) return false;
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            String expected = "sha256=" + HexFormat.of().formatHex(mac.doFinal(body));
            return MessageDigest.isEqual(
                    signature.strip().getBytes(StandardCharsets.UTF_8), expected.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has HmacSHA256", e);
        }
    }
}
