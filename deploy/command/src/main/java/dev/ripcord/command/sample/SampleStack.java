package dev.ripcord.command.sample;

import dev.ripcord.command.stack.DatabasesFile;
import dev.ripcord.command.stack.SecretFiles;
import dev.ripcord.command.stack.Stack;
import dev.ripcord.command.stack.StackPorts;
import dev.ripcord.databases.EnrolledDatabase.Environment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Sample shops on a stack: enrolled, with checks of their application and channels that end there. */
public final class SampleStack {

    private static final String NO_WRONG_PRICE = "select count(*) from public.products where price < 5";

    private static final String SIGNING_KEY = "subscriber.key";
    private static final String KEY_PREFIX = "whsec_";

    private SampleStack() {}

    /** A shop of that name on the stack's server, made or not. */
    public static Shop shop(Stack stack, String name) {
        return new Shop(
                stack.postgres().server(),
                name,
                stack.secrets().read("shop_owner.password"),
                stack.secrets().read("shop_app.password"));
    }

    /** Enrols shops and writes the services' configuration; the application is the one of the first. */
    public static void enrol(Stack stack, Shop... shops) {
        List<Map<String, Object>> entries = new java.util.ArrayList<>();
        for (Shop shop : shops) {
            Map<String, Object> entry = entry(stack, shop, entries.isEmpty(), false);
            entry.put("snapshot", Map.of("form", "clone", "endSessions", true));
            entries.add(entry);
        }
        DatabasesFile.write(stack.folder().databases(), entries, channels(stack));
    }

    /**
     * Enrols one shop; its entry in the services' configuration, to which the form of its snapshots is to be added.
     *
     * @param application whether it is the one that the application uses
     * @param archive whether archives of it will be restored
     */
    public static Map<String, Object> entry(Stack stack, Shop shop, boolean application, boolean archive) {
        Map<String, Object> entry = stack.server()
                .enrol(stack.vertx(), shop.database(), shop.database(), Environment.development, archive, true);
        entry.put(
                "migrations",
                Map.of("tool", "scripts", "folder", migrations(stack, shop).toString()));
        entry.put("checks", checks(stack, application));
        entry.put("routes", List.of("chat", "subscriber"));
        return entry;
    }

    /** Where the sample's migrations would be, with their down scripts; empty at first. */
    public static Path migrations(Stack stack, Shop shop) {
        Path folder = stack.folder().root().resolve("migrations").resolve(shop.database());
        try {
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, Object> checks(Stack stack, boolean application) {
        Map<String, Object> checks = new LinkedHashMap<>();
        URI health = ShopApplication.address(stack.ports().application(), "/health");
        // longer than usual: the application shares this machine with everything else
        if (application) {
            checks.put("http", List.of(Map.of("name", "shop", "url", health.toString(), "withinSeconds", 30)));
        }
        checks.put("sql", List.of(Map.of("name", "no wrong price", "query", NO_WRONG_PRICE, "expect", "0")));
        return checks;
    }

    /** The channels that end at the sample application. */
    public static List<Map<String, Object>> channels(Stack stack) {
        SecretFiles secrets = stack.secrets();
        String hooks = "http://" + StackPorts.LOOPBACK + ":" + stack.ports().application() + "/hooks/";
        return List.of(
                DatabasesFile.slack("chat", secrets.write("chat.url", hooks + "chat")),
                DatabasesFile.webhook(
                        "subscriber", secrets.write("subscriber.url", hooks + "subscriber"), signingKey(secrets)));
    }

    /** As Standard Webhooks writes one: what was drawn is base64 too. */
    private static Path signingKey(SecretFiles secrets) {
        String drawn = secrets.read(SIGNING_KEY);
        return drawn.startsWith(KEY_PREFIX)
                ? secrets.file(SIGNING_KEY)
                : secrets.write(SIGNING_KEY, KEY_PREFIX + drawn);
    }
}
