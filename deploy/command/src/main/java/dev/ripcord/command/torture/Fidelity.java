package dev.ripcord.command.torture;

import dev.ripcord.command.sample.SampleStack;
import dev.ripcord.command.sample.Shop;
import dev.ripcord.command.stack.Installation;
import dev.ripcord.events.RollbackOutcomeEvent;
import dev.ripcord.events.SnapshotEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a database can hold, one kind after the other: a migration drops it all, a rollback brings it back as it
 * was, or the snapshot was refused before. The same fixtures as in the tests of the snapshot service.
 */
final class Fidelity implements Trial {

    private static final String FIXTURES = "snapshot-service/src/test/resources/fixtures";

    /** Where there is a schema public at all. */
    private static final String ALL_GONE = """
            set session_replication_role = replica;
            do $$ begin alter schema public rename to gone; exception when invalid_schema_name then null; end $$;
            create schema public; create table public.gone ()""";

    private final Ground.Kind kind;
    private final List<Path> fixtures;

    Fidelity(Ground.Kind kind) {
        this.kind = kind;
        this.fixtures = found(says("left out"));
    }

    /** But those whose server does not know what they hold. */
    private static List<Path> found(String leftOut) {
        try (Stream<Path> files = Files.list(Installation.here().home().resolve(FIXTURES))) {
            List<Path> found = new ArrayList<>();
            for (Path each : files.sorted().toList()) {
                if (!Files.readAllLines(each).contains(leftOut)) found.add(each);
            }
            return found;
        } catch (IOException e) {
            throw new IllegalStateException("the fixtures cannot be read: " + e.getMessage(), e);
        }
    }

    @Override
    public String name() {
        return "fidelity-" + kind.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public Ground.Kind ground() {
        return kind;
    }

    @Override
    public int runs(boolean quick) {
        return quick ? 3 : fixtures.size();
    }

    @Override
    public void beforeServices(Ground ground, List<Run> runs) throws Exception {
        for (String role : List.of("auditor", "clerk")) {
            ground.execute(
                    "postgres",
                    "do $$ begin create role " + role + "; exception when duplicate_object then null; end $$");
        }
        for (int number : runs.stream()
                .mapToInt(run -> run.oneOf(fixtures.size()))
                .distinct()
                .toArray()) {
            Shop shop = shop(ground, number);
            shop.createEmpty();
            ground.execute(shop.database(), "set role shop_owner; " + sample());
            make(ground, shop, Files.readString(fixtures.get(number)));
            ground.add(shop);
        }
    }

    @Override
    public List<String> run(Ground ground, Run run) throws Exception {
        int number = run.oneOf(fixtures.size());
        Quiet held = new Quiet(ground, shop(ground, number));
        Content before = Content.of(ground, held.id());
        SnapshotEvent.Proven proven;
        try {
            proven = held.proven();
        } catch (Quiet.RefusedHere refused) {
            return refused(number, refused.getMessage());
        }
        ground.execute(held.id(), ALL_GONE);
        RollbackOutcomeEvent outcome = held.back(proven.migration());
        if (outcome instanceof RollbackOutcomeEvent.Refused refused) return refused(number, refused.reason());
        List<String> violations = new ArrayList<>();
        if (!(outcome instanceof RollbackOutcomeEvent.Completed)) violations.add(outcome.toString());
        violations.addAll(before.differences(Content.of(ground, held.id())));
        return violations.stream().map(line -> fixture(number) + ": " + line).toList();
    }

    /** A refusal is right where the fixture says so. */
    private List<String> refused(int number, @Nullable String reason) throws IOException {
        boolean provable = Files.readAllLines(fixtures.get(number)).contains(says("proven"));
        return provable ? List.of(fixture(number) + ": refused, " + reason) : List.of();
    }

    /** The line of a fixture that says what becomes of it in this form. */
    private String says(String what) {
        return "-- " + kind.name().toLowerCase(Locale.ROOT) + ": " + what;
    }

    private String fixture(int number) {
        return fixtures.get(number).getFileName().toString();
    }

    private static Shop shop(Ground ground, int number) {
        return SampleStack.shop(ground.stack(), "held" + number);
    }

    private static String sample() throws IOException {
        return Files.readString(Installation.here().home().resolve("snapshot-service/src/test/resources/sample.sql"));
    }

    /** Each statement in its own transaction; a line that goes on with a statement is indented. */
    private static void make(Ground ground, Shop shop, String sql) throws SQLException {
        try (Connection connection = ground.server().connect(shop.database());
                Statement statement = connection.createStatement()) {
            for (String each : sql.split(";\n(?! )")) statement.execute(each);
        }
    }
}
