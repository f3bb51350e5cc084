package dev.ripcord.command.torture;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A way to a server of this machine that can be made bad: what goes over TCP to its port goes on to the server's. */
final class Link implements AutoCloseable {

    /** What the link does with what is sent over it. */
    enum Quality {
        GOOD,
        /** Connections are closed, and every new one at once. */
        CUT,
        /** The same without a word of farewell. */
        RESET,
        /** 64 kB a second. */
        SLOW,
        /** What is sent arrives; no answer comes back, and nobody is told. */
        ONE_WAY,
        /** Nothing arrives on either side, and nobody is told. */
        SILENT
    }

    private static final int PIECE = 3200;
    private static final long PIECE_MILLIS = 50;
    private static final long LOOK_MILLIS = 20;

    private final ServerSocket entrance;
    private final int target;
    private final Map<Integer, Integer> clients = new ConcurrentHashMap<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile Quality quality = Quality.GOOD;

    private Link(ServerSocket entrance, int target) {
        this.entrance = entrance;
        this.target = target;
    }

    static Link to(int target) throws IOException {
        Link link = new Link(new ServerSocket(0, 200, InetAddress.getLoopbackAddress()), target);
        Thread.ofVirtual().start(link::accept);
        return link;
    }

    int port() {
        return entrance.getLocalPort();
    }

    /** The port from which somebody came whom the server sees come from this one. */
    int clientOf(int port) {
        return clients.getOrDefault(port, port);
    }

    void become(Quality wanted) {
        quality = wanted;
        if (gone()) open.forEach(this::end);
    }

    private boolean gone() {
        return quality == Quality.CUT || quality == Quality.RESET;
    }

    private void accept() {
        while (!entrance.isClosed()) {
            try {
                Socket client = entrance.accept();
                open.add(client);
                if (gone()) {
                    end(client);
                    continue;
                }
                Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
                open.add(server);
                clients.put(server.getLocalPort(), client.getPort());
                Thread.ofVirtual().start(() -> pass(client, server, true));
                Thread.ofVirtual().start(() -> pass(server, client, false));
            } catch (IOException e) {
                // the link is closed, or the server is not there: the client will see it
            }
        }
    }

    private void pass(Socket from, Socket to, boolean towardsServer) {
        byte[] piece = new byte[PIECE];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
                if (quality == Quality.SLOW) Thread.sleep(PIECE_MILLIS);
                while (quality == Quality.SILENT || quality == Quality.ONE_WAY && !towardsServer) {
                    Thread.sleep(LOOK_MILLIS);
                }
                out.write(piece, 0, read);
            }
        } catch (IOException e) {
            // one side is gone, and so is the other now
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            end(from);
            end(to);
        }
    }

    private void end(Socket socket) {
        open.remove(socket);
        try (socket) {
            if (quality == Quality.RESET) socket.setSoLinger(true, 0);
        } catch (IOException e) {
            // it is closed already
        }
    }

    @Override
    public void close() throws IOException {
        entrance.close();
        open.forEach(this::end);
    }
}
