package dev.ripcord.rollback.method.partial;

import dev.ripcord.events.Way;
import dev.ripcord.rollback.method.Method;
import dev.ripcord.rollback.method.MethodConformance;
import java.util.List;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

@ParameterizedClass
@ValueSource(ints = {15, 18})
class PartialMethodTest implements MethodConformance {

    private final int major;

    PartialMethodTest(int major) {
        this.major = major;
    }

    @Override
    public int major() {
        return major;
    }

    @Override
    public Method method() {
        return new PartialMethod();
    }

    @Override
    public Case example() {
        return new Case(
                "",
                "update orders set price = 0 where id % 7 = 0; delete from " + HOSTILE + " where " + HOSTILE
                        + " < 10; insert into " + HOSTILE + " values (1000, 'since')",
                new Way("partial", List.of("orders", "public." + HOSTILE), false, null, 0, null, false),
                "orders",
                "select (select md5(string_agg(o::text, '' order by id)) from public.orders o) || (select md5(string_agg(t::text, '' order by t::text)) from public."
                        + HOSTILE + " t)");
    }
}
