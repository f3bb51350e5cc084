package dev.ripcord.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Ports of this machine's loopback address. */
public final class Ports {

    static final String LOOPBACK = "127.0.0.1";

    /** Below those that systems give to outgoing connections, which could take the port of a server that restarts. */
    private static final int FIRST = 15_000;

    private static final int LAST = 31_999;
    private static final int TRIES = 100;

    private Ports() {}

    /** A port that is free now; another process can still take it before its use. */
    public static int free() {
        for (int tries = 0; tries < TRIES; tries++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, LAST + 1);
            if (isFree(port)) return port;
        }
        throw new CannotStartException("no free port between " + FIRST + " and " + LAST + " on " + LOOPBACK);
    }

    /** The wanted port if it is free, or any free one for 0. */
    static int free(int wanted, String forWhat) {
        if (wanted == 0) return free();
        try {
            probe(wanted);
            return wanted;
        } catch (IOException e) {
            String message = String.valueOf(e.getMessage());
            String reason = message.contains("in use") ? "the port is taken" : message;
            throw new CannotStartException(forWhat + " cannot listen on " + LOOPBACK + ":" + wanted + ": " + reason, e);
        }
    }

    private static boolean isFree(int port) {
        try {
            probe(port);
            return true;
        } catch (IOException taken) {
            return false;
        }
    }

    private static void probe(int port) throws IOException {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port));
        }
    }
}
