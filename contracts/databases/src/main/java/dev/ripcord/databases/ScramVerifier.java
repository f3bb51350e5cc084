package dev.ripcord.databases;

import com.ongres.scram.common.ScramFunctions;
import com.ongres.scram.common.ScramMechanism;
import com.ongres.scram.common.StringPreparation;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * What a server keeps of a password, reckoned here, so that the password itself is in no statement that the server logs or
 * counts. The form is that of {@code pg_authid.rolpassword} in PostgreSQL's manual, after RFC 5803.
 */
final class ScramVerifier {

    private static final ScramMechanism MECHANISM = ScramMechanism.SCRAM_SHA_256;
    private static final int SALT_BYTES = 16;

    /** PostgreSQL's own number. */
    private static final int ITERATIONS = 4096;

    private ScramVerifier() {}

    /** With a salt of its own each time. */
    static String of(String password) {
        byte[] salt = ScramFunctions.salt(SALT_BYTES, new SecureRandom());
        byte[] salted = ScramFunctions.saltedPassword(
                MECHANISM, StringPreparation.POSTGRESQL_PREPARATION, password.toCharArray(), salt, ITERATIONS);
        byte[] stored = ScramFunctions.storedKey(MECHANISM, ScramFunctions.clientKey(MECHANISM, salted));
        byte[] server = ScramFunctions.serverKey(MECHANISM, salted);
        return "SCRAM-SHA-256$" + ITERATIONS + ":" + text(salt) + "$" + text(stored) + ":" + text(server);
    }

    private static String text(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
