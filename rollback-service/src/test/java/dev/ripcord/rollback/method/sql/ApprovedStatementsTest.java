package dev.ripcord.rollback.method.sql;

import dev.ripcord.events.Way;
import dev.ripcord.rollback.method.Method;
import dev.ripcord.rollback.method.MethodConformance;
import org.junit.jupiter.params.ParameterizedClass;
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
