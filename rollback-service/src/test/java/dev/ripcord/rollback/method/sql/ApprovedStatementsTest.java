package dev.ripcord.rollback.method.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ripcord.databases.AdminSession.Command;
import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.databases.EnrolledDatabase.SqlCheck;
import dev.ripcord.events.Way;
import dev.ripcord.rollback.core.Request;
import dev.ripcord.rollback.core.Target;
import dev.ripcord.rollback.method.Draft;
import dev.ripcord.rollback.method.Effect;
import dev.ripcord.rollback.method.Ground;
import dev.ripcord.rollback.method.Method;
import dev.ripcord.rollback.method.MethodConformance;
import dev.ripcord.rollback.method.Protected;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ParameterizedClass
@ValueSource(ints = {15, 18})
class ApprovedStatementsTest implements MethodConformance {

    private final int major;

    ApprovedStatementsTest(int major) {
        this.major = major;
    }

    @Override
    public int major() {
        return major;
    }

    @Override
    public Method method() {
        return new ApprovedStatements();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "insert into public.orders values (1, 4711) | statement 2 of 2 failed (SQLSTATE 23505)",
                "select $$topsecret$$::int | statement 2 of 2 failed (SQLSTATE 22P02)",
                "update public.orders set price = 4711 where id = 2 | \"one price\" does not agree"
            })
    void a_reason_holds_nothing_of_the_rows_and_nothing_of_the_statements(String statement, String reason) {
        try (Protected shop = Protected.inPlace(major, SHOP, ApprovedStatementsTest::asking);
                Ground ground = ground(shop, "update public.orders set price = 1 where id = 1; " + statement)) {
            Draft.Ready ready = (Draft.Ready) method().draft(ground);
            assertThat(ready.steps()).contains("-- what is lost by these statements was not counted");
            assertThat(method().act(ground, MethodConformance.plan(method(), ready)))
                    .isEqualTo(new Effect.NotDone(reason));
        }
    }

    private static EnrolledDatabase asking(EnrolledDatabase database) {
        SqlCheck check = new SqlCheck("one price", "select price from public.orders where id = 2", "2");
        return new EnrolledDatabase(
                database.id(),
                database.environment(),
                database.server(),
                database.roles(),
                database.snapshot(),
                null,
                null,
                new EnrolledDatabase.Checks(null, List.of(check), null),
                null);
    }

    private static Ground ground(Protected shop, String statements) {
        Way way = new Way("sql", null, false, null, 0, statements, false);
        Request request = new Request("r1", shop.database.id(), null, "s1", null, "the test asks", "test", way);
        return new Ground(
                shop.vertx,
                shop.admin,
                shop.database,
                shop.identity,
                new Command("r1", 1),
                new Ground.Ask(request, new Target("s1", Instant.EPOCH, null), null, null, null));
    }

    @Override
    public Case example() {
        return new Case(
                "",
                "update orders set price = -price; update " + HOSTILE + " set note = 'wrong'",
                new Way(
                        "sql",
                        null,
                        false,
                        null,
                        0,
                        "update public.orders set price = -price; update public." + HOSTILE + " set note = 'x'",
                        false),
                "orders",
                "select (select sum(price) from public.orders) || (select min(note) from public." + HOSTILE + ")");
    }
}
