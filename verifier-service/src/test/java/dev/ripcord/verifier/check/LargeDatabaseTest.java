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
import dev.ripcord.verifier.verification.Occasion;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LargeDatabaseTest {

    @ParameterizedTest(name = "{0} rows, {1}, content {2}: {3}")
    @CsvSource({
        "500000, verification, false, true",
        "500001, verification, false, false",
        "500001, verification, true, true",
        "0, verification, false, true",
        "3000000, schema, false, true",
        "3000001, schema, false, false",
        "3000000, application, false, true",
        "3000001, application, false, false"
    })
    void foreign_keys_of_a_large_database_are_asked_together_with_its_content(
            long rows, Occasion occasion, boolean content, boolean asked) {
        assertThat(new ForeignKeys().applies(context(rows, content), occasion)).isEqualTo(asked);
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
