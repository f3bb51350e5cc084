package dev.ripcord.notifier.channel.webhook;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The signature of Standard Webhooks, version 1: symmetric, HMAC-SHA256. */
final class Signature {

    static final String UNUSABLE =
            "the channel's signing key cannot be used: it is whsec_ and the key in base64, as whsec_$(openssl rand -base64 32)";

    private static final String SERIALISED_KEY = "whsec_";

    private Signature() {}

    /**
     * The value of the header {@code webhook-signature}.
     *
     * @param key {@code whsec_} and the key in base64
     * @throws IllegalStateException if the key cannot be used, without naming it
     */
    static String of(String key, String id, String timestamp, String body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(bytes(key), "HmacSHA256"));
            byte[] signed = mac.doFinal((id + "." + timestamp + "." + body).getBytes(StandardCharsets.UTF_8));
            return "v1," + Base64.getEncoder().encodeToString(signed);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IllegalStateException(UNUSABLE, e);
        }
    }

    /** Whether it is a key: what has not the form, a receiver's library would read in another way than we. */
    static boolean usable(String key) {
        try {
            return bytes(key).length > 0;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static byte[] bytes(String key) {
        if (!key.startsWith(SERIALISED_KEY)) throw new IllegalArgumentException("no " + SERIALISED_KEY);
        return Base64.getDecoder().decode(key.substring(SERIALISED_KEY.length()));
    }
}
