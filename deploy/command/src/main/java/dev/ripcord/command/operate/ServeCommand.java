package dev.ripcord.command.operate;

import dev.ripcord.command.CommandFailedException;
import dev.ripcord.command.follow.Narrator;
import dev.ripcord.command.sample.SampleStack;
import dev.ripcord.command.sample.Shop;
import dev.ripcord.command.sample.ShopApplication;
import dev.ripcord.command.sample.Size;
import dev.ripcord.command.stack.Installation;
import dev.ripcord.command.stack.Service;
import dev.ripcord.command.stack.Stack;
import dev.ripcord.command.stack.StackFolder;
import dev.ripcord.command.stack.StackPorts;
import java.io.IOException;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What {@code ripcord up} leaves running; in the foreground it can be run by hand or by a service manager. */
@Command(name = "serve", description = "Runs the stack of `up` in the foreground, until it is told to end.")
public final class ServeCommand implements Callable<Integer> {

    @Option(names = "--data", paramLabel = "DIR", description = "Folder of the data")
    private Path data = DataFolder.usual();

    @Option(names = "--port-offset", paramLabel = "N", description = "Added to every port")
    private int portOffset;

    @Option(names = "--size", defaultValue = "100MB", description = "Size of the sample database when it is made")
    private Size size = new Size(100);

    /** Who looks whether it runs holds the folder for a moment. */
    private static final Duration LOOKED_AT_WITHIN = Duration.ofSeconds(2);

    @Override
    public Integer call() throws SQLException, IOException, InterruptedException {
        Narrator tell = new Narrator(System.out);
        StackFolder folder = StackFolder.at(data);
        Running running = new Running(folder.root());
        FileLock hold = running.hold(LOOKED_AT_WITHIN)
                .orElseThrow(() -> new CommandFailedException("another process uses " + data + ": see ripcord status"));
        running.write(new Running.Card(ProcessHandle.current().pid(), Map.of()));
        StackPorts ports = StackPorts.usual(portOffset);
        ports.requireFree();
        Stack stack = new Stack(Installation.here(), folder, ports);
        CountDownLatch end = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            running.remove();
            stack.close();
            end.countDown();
        }));
        try (hold;
                stack) {
            start(stack, tell);
            running.write(new Running.Card(ProcessHandle.current().pid(), addresses(stack)));
            tell.step("Everything is up");
            end.await();
        }
        return 0;
    }

    private void start(Stack stack, Narrator tell) throws SQLException {
        tell.step("PostgreSQL and Kafka are starting in " + data);
        stack.startServers();
        Shop shop = SampleStack.shop(stack, "shop");
        if (!shop.exists()) {
            stack.folder().requireSpace(size.bytesNeeded());
            tell.step("Making a sample shop of about " + size);
            shop.create(size);
        }
        SampleStack.enrol(stack, shop);
        tell.step("Starting the four services");
        stack.startServices();
        stack.with(ShopApplication.start(shop, stack.ports().application()));
    }

    private static Map<String, String> addresses(Stack stack) {
        Map<String, String> addresses = new LinkedHashMap<>();
        addresses.put("status page", stack.address(Service.NOTIFIER) + "/");
        for (Service service : Service.values()) {
            addresses.put(service.title(), stack.address(service).toString());
        }
        addresses.put("Kafka", stack.bootstrapServers());
        addresses.put(
                "PostgreSQL",
                "postgresql://" + stack.postgres().superuser() + "@"
                        + stack.postgres().host() + ":"
                        + stack.postgres().port() + "/shop, password in "
                        + stack.folder().postgres().resolve("password"));
        addresses.put(
                "sample application",
                ShopApplication.address(stack.ports().application(), "/health").toString());
        addresses.put("tokens", stack.secrets().folder() + "/{" + String.join(",", Stack.PEOPLE) + "}.token");
        addresses.put("databases.yaml", stack.folder().databases().toString());
        addresses.put("logs", stack.folder().root().resolve("logs").toString());
        return addresses;
    }
}
