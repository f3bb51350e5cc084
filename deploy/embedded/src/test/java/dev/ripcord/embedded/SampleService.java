package dev.ripcord.embedded;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** A service to start in tests: healthy, stubborn, broken or unready. */
final class SampleService {

    private SampleService() {}

    static JavaProgram program(Path folder, int port, List<String> manner, Duration limit) {
        return new JavaProgram(
                "sample",
                List.of(
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SampleService.class.getName(),
                        Integer.toString(port),
                        manner.getFirst()),
                Map.of("GREETING", "hello from the environment"),
                folder.resolve("sample.log"),
                new Readiness.Answer(URI.create("http://127.0.0.1:" + port + "/ready")),
                limit);
    }

    public static void main(String[] arguments) throws IOException {
        int port = Integer.parseInt(arguments[0]);
        String manner = arguments[1];
        System.out.println(System.getenv("GREETING"));
        if (manner.equals("broken")) {
            System.err.println("no configuration, no service");
            System.exit(7);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            if (manner.equals("stubborn")) LockSupport.park();
            System.out.println("stopped in order");
        }));
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext("/ready", exchange -> {
            exchange.sendResponseHeaders(manner.equals("unready") ? 503 : 200, -1);
            exchange.close();
        });
        server.start();
    }
}
