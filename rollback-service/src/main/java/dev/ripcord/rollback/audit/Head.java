package dev.ripcord.rollback.audit;

import java.util.regex.Pattern;

/**
 * The end of the chain at some moment: whoever keeps it elsewhere can tell later that nothing up to it was changed.
 *
 * @param position of the last record, 0 where there is none
 * @param hash of the last record, 64 hexadecimal digits
 */
public record Head(long position, String hash) {

    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    /** Before the first record. */
    static final Head NONE = new Head(0, "0".repeat(64));

    /** Throws IllegalArgumentException where one of them cannot be. */
    public Head {
        if (position < 0) throw new IllegalArgumentException("a position is 0 or more");
        if (!SHA256.matcher(hash).matches()) throw new IllegalArgumentException("a hash is 64 hexadecimal digits");
    }
}
