package dev.ripcord.rollback.alert;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;

/**
 * One alert as monitoring tells it, bounded.
 *
 * @param group how the sender groups it
 * @param fingerprint what tells it from the group's others
 * @param firing false once it is over
 * @param startsAt when it began to fire, by the sender's clock
 */
record Alert(
        String group,
        String fingerprint,
        String name,
        boolean firing,
        Instant startsAt,
        Map<String, String> labels,
        String summary) {

    /** The same for the same alert from the same intake about the same database, however often it is told. */
    String key(String intake, String database) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String part : new String[] {intake, database, group, fingerprint, startsAt.toString()}) {
                byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
                digest.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
                digest.update(bytes);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    /** Whether it carries all these labels. */
    boolean carries(Map<String, String> wanted) {
        return !wanted.isEmpty() && labels.entrySet().containsAll(wanted.entrySet());
    }
}
