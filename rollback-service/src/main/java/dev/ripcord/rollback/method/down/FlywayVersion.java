package dev.ripcord.rollback.method.down;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A version as Flyway counts: numbers between points or underscores, zeros at the end left out. */
record FlywayVersion(List<BigInteger> parts) implements Comparable<FlywayVersion> {

    static boolean readable(String text) {
        return text.length() <= 50 && text.matches("\\d+([._]\\d+)*");
    }

    static FlywayVersion of(String text) {
        List<BigInteger> parts = new ArrayList<>();
        for (String part : text.split("[._]")) parts.add(new BigInteger(part));
        while (parts.size() > 1 && parts.getLast().signum() == 0) parts.removeLast();
        return new FlywayVersion(Collections.unmodifiableList(parts));
    }

    static boolean same(String one, String other) {
        return readable(one) && readable(other) && of(one).equals(of(other));
    }

    @Override
    public int compareTo(FlywayVersion other) {
        for (int i = 0; i < Math.max(parts.size(), other.parts.size()); i++) {
            int order = part(parts, i).compareTo(part(other.parts, i));
            if (order != 0) return order;
        }
        return 0;
    }

    private static BigInteger part(List<BigInteger> parts, int i) {
        return i < parts.size() ? parts.get(i) : BigInteger.ZERO;
    }
}
