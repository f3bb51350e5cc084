package dev.ripcord.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Ports of this machine's loopback address. */
public final class Ports {

    static final String LOOPBACK = "127.0.0.1";

    private Ports() {}

    /** A port that is free now; another process can still take it before its use. */
    public static int free() {
        return free(0, "nothing");
    }

    /** The wanted port if it is free, or any free one for 0; another process can still take it before its use. */
    static int free(int wanted, String forWhat) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(InetAddress.getByName(LOOPBACK), wanted));
            return probe.getLocalPort();
        } catch (IOException e) {
            throw new CannotStartException(
                    forWhat + " cannot listen on " + LOOPBACK + ":" + wanted + ": the port is taken", e);
        }
    }
}
