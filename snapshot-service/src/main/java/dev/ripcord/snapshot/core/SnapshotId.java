package dev.ripcord.snapshot.core;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Ids that follow from what they are for: the same question has the same id, asked by whomever and however often. */
public final class SnapshotId {

    private static final int LENGTH = 12;

    private SnapshotId() {}

    /**
     * A snapshot's id.
     *
     * @param number how many snapshots this migration has asked for, this one included
     */
    public static String of(String database, String migration, int number) {
        return digest(database + "\u0000" + migration + "\u0000" + number);
    }

    /** What the name of the shadow ends with that a restore asks for. */
    public static String ofRestore(String restore) {
        return digest("restore\u0000" + restore);
    }

    private static String digest(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            String letters = new BigInteger(1, digest).toString(Character.MAX_RADIX);
            return letters.substring(letters.length() - LENGTH);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
