package dev.ripcord.databases;

import dev.ripcord.events.Manifest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 over the objects of a schema, one after the other. */
final class Fingerprint {

    private final MessageDigest digest;

    Fingerprint() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    /** Adds the next in the order of kind and name. Whose an extension is does not come back with an archive: left out. */
    void add(Manifest.SchemaObject object) {
        if (object.kind().equals(ManifestComparison.EXTENSION_OWNER)) return;
        digest.update(
                (object.kind() + "\t" + object.name() + "\t" + object.hash() + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** Over all that were added, hexadecimal; nothing can be added any more. */
    String value() {
        return HexFormat.of().formatHex(digest.digest());
    }
}
