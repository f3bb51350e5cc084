package dev.ripcord.verifier.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.databases.EnrolledDatabase.Environment;
import dev.ripcord.databases.EnrolledDatabase.Form;
import dev.ripcord.databases.EnrolledDatabase.Role;
import dev.ripcord.databases.EnrolledDatabase.Roles;
import dev.ripcord.databases.EnrolledDatabase.Server;
import dev.ripcord.databases.EnrolledDatabase.SnapshotPolicy;
import dev.ripcord.databases.Secret;
import dev.ripcord.events.Manifest;
import dev.ripcord.verifier.verification.Context;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LargeDatabaseTest {

    @ParameterizedTest(name = "{0} rows, content {1}: {2}")
    @CsvSource({"3000000, false, true", "3000001, false, false", "3000001, true, true", "0, false, true"})
    void foreign_keys_of_a_large_database_are_asked_together_with_its_content(
            long rows, boolean content, boolean asked) {
        assertThat(new ForeignKeys().applies(context(rows, content))).isEqualTo(asked);
    }

    private static Context context(long rows, boolean content) {
        Role role = new Role("nobody", new Secret("NOT_SET", null));
        EnrolledDatabase database = new EnrolledDatabase(
                "shop",
                Environment.development,
                new Server("127.0.0.1", 5432, "shop", null, "", null, null),
                new Roles(role, role, role, null),
                new SnapshotPolicy(Form.clone, true, null, 24, 60),
                null,
                null,
                null,
                null);
        Manifest manifest = new Manifest(
                "1",
                "18",
                "shop",
                Instant.EPOCH,
                "",
                List.of(
                        new Manifest.Table("public.a", "table", rows, "0"),
                        new Manifest.Table("public.b", "table", 0, "0")),
                List.of(),
                List.of(),
                Map.of(),
                null,
                List.of());
        return new Context(database, manifest, content, Map.of(), limit -> {
            throw new IllegalStateException("nothing is asked of a database here");
        });
    }
}
