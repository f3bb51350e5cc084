package dev.ripcord.command.operate;

import dev.ripcord.command.follow.ServiceClient;
import dev.ripcord.command.stack.Service;
import dev.ripcord.events.KafkaBinding;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ripcord status}. */
@Command(
        name = "status",
        description = "Whether the stack of `up` is running, where, and whether its services are ready.")
public final class StatusCommand implements Callable<Integer> {

    @Option(names = "--data", paramLabel = "DIR", description = "Folder of the data; default: below your data folder")
    private Path data = DataFolder.usual();

    @Option(names = "--json", description = "Print JSON")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        Optional<Running.Card> card = new Running(data.toAbsolutePath()).card();
        Map<String, Boolean> ready = card.map(StatusCommand::ready).orElseGet(Map::of);
        boolean good = !ready.isEmpty() && !ready.containsValue(false);
        if (json) {
            System.out.println(KafkaBinding.JSON
                    .writerWithDefaultPrettyPrinter()
                    .writeValueAsString(card.<Object>map(up -> Map.of(
                                    "running", true, "pid", up.pid(), "addresses", up.addresses(), "ready", ready))
                            .orElse(Map.of("running", false))));
            return good ? 0 : 1;
        }
        if (card.isEmpty()) {
            System.out.println("Not running on " + data + ". Start it with: ripcord up");
            return 1;
        }
        print(card.get(), System.out);
        ready.forEach((service, is) -> System.out.println(service + (is ? " is ready" : " is NOT ready")));
        return good ? 0 : 1;
    }

    static void print(Running.Card card, PrintStream out) {
        card.addresses()
                .forEach((what, where) -> out.println(what + " ".repeat(Math.max(1, 22 - what.length())) + where));
    }

    private static Map<String, Boolean> ready(Running.Card card) {
        Map<String, Boolean> ready = new TreeMap<>();
        for (Service service : Service.values()) {
            String address = card.addresses().get(service.title());
            ready.put(service.title(), address != null && answers(URI.create(address)));
        }
        return ready;
    }

    private static boolean answers(URI address) {
        try (ServiceClient client = new ServiceClient(address, "")) {
            return client.get("/q/health/ready").good();
        } catch (IOException e) {
            return false;
        }
    }
}
