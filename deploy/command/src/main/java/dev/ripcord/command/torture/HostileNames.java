package dev.ripcord.command.torture;

import dev.ripcord.command.follow.ServiceClient;
import dev.ripcord.command.sample.SampleStack;
import dev.ripcord.command.sample.Shop;
import dev.ripcord.command.sample.Size;
import dev.ripcord.command.stack.Service;
import dev.ripcord.events.Envelope;
import dev.ripcord.events.KafkaBinding;
import dev.ripcord.events.MigrationEvent;
import dev.ripcord.events.RipcordEvent;
import dev.ripcord.events.RollbackRequestEvent;
import dev.ripcord.events.Topic;
import dev.ripcord.events.Way;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Names that mean something to a shell, to SQL, to a connection string or to a terminal, through every input that takes one:
 * nothing but a record of the refusal, or of the name as it is, may come of it.
 */
final class HostileNames implements Trial {

    private static final List<String> PIECES = List.of(
            "'; drop table public.orders; --",
            "\"; drop database shop; --",
            "$(touch PWNED)",
            "`touch PWNED`",
            "| touch PWNED",
            "; touch PWNED",
            "\n",
            "\r\n\r\nX: y",
            "\u0000",
            "\u202e",
            "\u2028",
            "--help",
            "-d postgres",
            "dbname=postgres host=192.0.2.1",
            "postgresql://192.0.2.1/postgres",
            "../../../etc/passwd",
            "%s%n",
            "${jndi:ldap://192.0.2.1/a}",
            "{{7*7}}",
            "<script>",
            "\\",
            "'",
            "\"",
            "$$",
            "\ud800",
            "🐘",
            "x".repeat(300),
            " ",
            "%00",
            "%2e%2e%2f",
            "a=b",
            "<!channel>",
            "*");

    private @Nullable Shop shop;

    @Override
    public String name() {
        return "hostile-names";
    }

    @Override
    public Ground.Kind ground() {
        return Ground.Kind.CLONE;
    }

    @Override
    public int runs(boolean quick) {
        return quick ? 40 : 5000;
    }

    @Override
    public void beforeServices(Ground ground, List<Run> runs) throws Exception {
        shop = SampleStack.shop(ground.stack(), "hostile").create(new Size(1));
        ground.add(shop);
    }

    @Override
    public List<String> run(Ground ground, Run run) throws Exception {
        if (shop == null) throw new IllegalStateException("not prepared");
        RandomGenerator random = run.random();
        Path trace = ground.stack().folder().root().resolve("touched");
        String name = name(random).replace("PWNED", trace.toString());
        List<String> before = standing(ground, shop);
        int status = send(ground, shop, name, random.nextInt(9));
        List<String> violations = new ArrayList<>();
        if (status >= 500) violations.add("answered " + status);
        if (Files.exists(trace)) violations.add("a shell was run");
        if (!standing(ground, shop).equals(before)) {
            violations.add("databases, roles or tables are not what they were: " + standing(ground, shop));
        }
        if ((run.number() + 1) % 20 == 0 && !well(ground)) violations.add("a service is not well any more");
        return violations.stream()
                .map(line -> "\"" + visible(name) + "\": " + line)
                .toList();
    }

    private static String name(RandomGenerator random) {
        StringBuilder name = new StringBuilder(random.nextBoolean() ? "a" : "");
        for (int pieces = 1 + random.nextInt(3); pieces > 0; pieces--) {
            name.append(PIECES.get(random.nextInt(PIECES.size())));
        }
        return name.toString();
    }

    /** Through one of the inputs; the status where it is one over HTTP. */
    private static int send(Ground ground, Shop shop, String name, int input) throws IOException {
        String id = shop.database();
        String encoded = URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
        return switch (input) {
            case 0 -> told(ground, new RollbackRequestEvent.Requested(id, name, "none", null, null, "why", "who"));
            case 1 ->
                told(ground, new RollbackRequestEvent.Requested(name, unique(), "none", null, null, "why", "who"));
            case 2 -> told(ground, new RollbackRequestEvent.Requested(id, unique(), name, null, null, name, name));
            case 3 -> told(ground, new RollbackRequestEvent.Requested(id, unique(), null, name, null, "why", "who"));
            case 4 -> told(ground, new MigrationEvent.Completed(name, name));
            case 5 ->
                told(
                        ground,
                        new RollbackRequestEvent.Requested(
                                id,
                                unique(),
                                "none",
                                null,
                                null,
                                "why",
                                "who",
                                new Way("partial", List.of(name, "public." + name), false, null, 0, null, true)));
            case 6 -> posted(ground, Service.SNAPSHOT, "/gates/" + encoded + "/" + encoded + "?waitSeconds=0", null);
            case 7 -> posted(ground, Service.ROLLBACK, "/rollbacks/" + encoded + "/undo", Map.of("reason", name));
            default ->
                posted(
                        ground,
                        Service.ROLLBACK,
                        "/rollbacks",
                        Map.of("database", name, "migration", name, "reason", name, "method", name));
        };
    }

    private static int told(Ground ground, RipcordEvent event) {
        Envelope<?> envelope = Envelope.of("/ripcord/command", event);
        ProducerRecord<String, byte[]> record;
        try {
            record = new KafkaBinding(Topic.DEFAULT_PREFIX).write(envelope);
        } catch (RuntimeException refused) {
            // what cannot even be written as an event cannot do harm
            return 0;
        }
        ground.hear(envelope, record);
        return 0;
    }

    private static int posted(Ground ground, Service service, String path, @Nullable Map<String, ?> body)
            throws IOException {
        try (ServiceClient client = ground.client(service)) {
            return client.post(path, body).status();
        }
    }

    private static List<String> standing(Ground ground, Shop shop) throws Exception {
        List<String> standing = new ArrayList<>(
                ground.list(
                        "postgres",
                        "select format('%s %s %s', oid, datname, datallowconn) from pg_database where not starts_with(datname, 'hostile__') order by 1"));
        standing.addAll(ground.list("postgres", "select rolname from pg_roles order by 1"));
        standing.addAll(
                ground.list(
                        shop.database(),
                        "select format('%s %s', oid, relname) from pg_class where relnamespace = 'public'::regnamespace order by 1"));
        return standing;
    }

    private static boolean well(Ground ground) throws IOException {
        for (Service service : Service.values()) {
            try (ServiceClient client = ground.client(service)) {
                if (!client.get("/q/health/ready").good()) return false;
            }
        }
        return true;
    }

    private static String unique() {
        return Quiet.unique("hostile");
    }

    private static String visible(String name) {
        StringBuilder visible = new StringBuilder();
        name.codePoints()
                .limit(80)
                .forEach(each -> visible.append(
                        each >= 32 && each < 127 ? Character.toString(each) : "\\u%04x".formatted(each)));
        return visible.toString();
    }
}
