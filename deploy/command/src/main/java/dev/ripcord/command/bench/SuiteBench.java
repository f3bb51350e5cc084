package dev.ripcord.command.bench;

import dev.ripcord.command.bench.report.SuiteFigures;
import dev.ripcord.command.follow.Narrator;
import dev.ripcord.command.sample.SampleStack;
import dev.ripcord.command.sample.Shop;
import dev.ripcord.command.stack.Service;
import dev.ripcord.command.stack.Stack;
import dev.ripcord.databases.AdminSession;
import dev.ripcord.databases.Databases;
import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.databases.ManifestReader;
import dev.ripcord.databases.PgSession;
import dev.ripcord.embedded.ServiceProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The services themselves: events, memory, and reading a manifest beside a dump of the same. */
final class SuiteBench {

    private static final int REPEATS = 3;
    private static final Duration LIMIT = Duration.ofMinutes(10);

    private final Stack stack;
    private final Narrator tell;
    private final EventsBench.Amount amount;

    SuiteBench(Stack stack, Narrator tell, EventsBench.Amount amount) {
        this.stack = stack;
        this.tell = tell;
        this.amount = amount;
    }

    /** With an enrolled database that nobody writes to any more. */
    SuiteFigures measure(String database) throws SQLException, IOException {
        tell.plain("");
        tell.step("Events, one by one and in a burst; manifests");
        Shop shop = SampleStack.shop(stack, database);
        Series manifest = new Series();
        Series dump = new Series();
        for (int i = 0; i < REPEATS; i++) {
            manifest.add(manifestMillis(database));
            if (programs().installed()) dump.add(dumpMillis(shop));
        }
        List<SuiteFigures.ServiceFigures> services = new ArrayList<>();
        for (Service service : Service.values()) {
            EventsBench.Measured events = EventsBench.measure(stack, service, database, amount);
            ServiceProcess process = stack.service(service);
            services.add(new SuiteFigures.ServiceFigures(
                    process.name(),
                    process.startupMillis(),
                    process.residentBytes(),
                    events.latency().median(),
                    events.latency().part(0.99),
                    events.perSecond()));
        }
        SuiteFigures figures =
                new SuiteFigures(stack.postgres().version(), services, shop.bytes(), manifest.median(), dump.median());
        figures.lines().forEach(tell::plain);
        return figures;
    }

    private double manifestMillis(String name) {
        EnrolledDatabase database =
                Databases.read(stack.folder().databases()).find(name).orElseThrow();
        EnrolledDatabase.Role reader = database.roles().verifier();
        try (AdminSession admin = AdminSession.open(stack.vertx(), database, reader, LIMIT);
                PgSession session = PgSession.open(stack.vertx(), database.server(), reader, name, LIMIT)) {
            long began = System.nanoTime();
            ManifestReader.read(session, admin.properties(admin.identify().oid()));
            return (System.nanoTime() - began) / 1e6;
        }
    }

    private double dumpMillis(Shop shop) throws IOException {
        Path nowhere = Path.of("/dev/null");
        if (!Files.exists(nowhere)) return Double.NaN;
        long began = System.nanoTime();
        Programs.run(List.of(programs().of(shop, "pg_dump").redirectOutput(nowhere.toFile())));
        return (System.nanoTime() - began) / 1e6;
    }

    private Programs programs() {
        return new Programs(stack.postgres().major());
    }
}
