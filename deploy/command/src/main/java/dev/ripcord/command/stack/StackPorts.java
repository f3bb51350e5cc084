package dev.ripcord.command.stack;

import dev.ripcord.embedded.CannotStartException;
import dev.ripcord.embedded.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where everything listens, on the loopback address.
 *
 * @param application of the sample application
 */
public record StackPorts(int postgres, int kafka, Map<Service, Integer> services, int application) {

    public static final String LOOPBACK = "127.0.0.1";

    public StackPorts {
        services = Map.copyOf(services);
    }

    /** Where a service listens. */
    public int of(Service service) {
        return Optional.ofNullable(services.get(service)).orElseThrow();
    }

    /** The same with another port for one service. */
    StackPorts with(Service service, int port) {
        Map<Service, Integer> others = new EnumMap<>(services);
        others.put(service, port);
        return new StackPorts(postgres, kafka, others, application);
    }

    /** Ports that nobody used a moment ago, and that no outgoing connection takes while a service is started again. */
    public static StackPorts free() {
        Set<Integer> drawn = new LinkedHashSet<>();
        while (drawn.size() < 3 + Service.values().length) drawn.add(Ports.free());
        Iterator<Integer> ports = drawn.iterator();
        Map<Service, Integer> services = new EnumMap<>(Service.class);
        for (Service service : Service.values()) services.put(service, ports.next());
        return new StackPorts(ports.next(), ports.next(), services, ports.next());
    }

    /** The same on every start, so that addresses can be written down; {@code offset} moves all of them. */
    public static StackPorts usual(int offset) {
        Map<Service, Integer> services = new EnumMap<>(Service.class);
        for (Service service : Service.values()) services.put(service, service.usualPort() + offset);
        return new StackPorts(15432 + offset, 19092 + offset, services, 8080 + offset);
    }

    /**
     * Makes sure that all are free.
     *
     * @throws CannotStartException naming those that are not
     */
    public void requireFree() {
        List<String> taken = new ArrayList<>();
        check(postgres, "PostgreSQL", taken);
        check(kafka, "Kafka", taken);
        for (Service service : Service.values()) check(of(service), service.title(), taken);
        check(application, "the sample application", taken);
        if (taken.isEmpty()) return;
        throw new CannotStartException("Taken on " + LOOPBACK + ": port " + String.join(", port ", taken)
                + ". Stop what listens there, or move all ports with --port-offset");
    }

    private static void check(int port, String use, List<String> taken) {
        try {
            release(listen(port));
        } catch (IOException e) {
            taken.add(port + " (for " + use + ")");
        }
    }

    private static ServerSocket listen(int port) throws IOException {
        ServerSocket socket = new ServerSocket();
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(InetAddress.ofLiteral(LOOPBACK), port));
        return socket;
    }

    private static void release(ServerSocket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new IllegalStateException("a listening socket did not close", e);
        }
    }
}
