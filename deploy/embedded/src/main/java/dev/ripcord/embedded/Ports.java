package dev.ripcord.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Ports of this machine's loopback address. */
final class Ports {

    static final String LOOPBACK = "127.0.0.1";

    private Ports() {}

    /** The wanted port if it is free, or any free one for 0; another process can still take it before its use. */
    static int free(int wanted, String forWhat) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(InetAddress.getByName(LOOPBACK), wanted));
            return probe.getLocalPort();
        } catch (IOException e) {
            throw taken(wanted, forWhat, e);
        }
    }

    static CannotStartException taken(int port, String forWhat, Exception cause) {
        return new CannotStartException(
                forWhat + " cannot listen on " + LOOPBACK + ":" + port + ": the port is taken", cause);
    }
}
