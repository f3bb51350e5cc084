package dev.ripcord.rollback.method.schema;

import dev.ripcord.events.Way;
import dev.ripcord.rollback.method.Method;
import dev.ripcord.rollback.method.MethodConformance;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

@ParameterizedClass
@ValueSource(ints = {15, 18})
class SchemaMethodTest implements MethodConformance {

    private final int major;

    SchemaMethodTest(int major) {
        this.major = major;
    }

    @Override
    public int major() {
        return major;
    }

    @Override
    public Method method() {
        return new SchemaMethod();
    }

    @Override
    public Case example() {
        return new Case(
                "",
                "alter table orders alter column price drop not null; alter table orders add column extra text; alter table "
                        + HOSTILE + " drop column note; create index " + HOSTILE.replace("a", "b") + " on " + HOSTILE
                        + " ("
                        + HOSTILE + ")",
                Way.of("schema"),
                "orders",
                "select string_agg(format('%s %s %s %s', c.relname, a.attname, a.attnotnull, c.relkind), ',' order by c.relname, a.attname) from pg_attribute a join pg_class c on c.oid = a.attrelid"
                        + " where c.relnamespace = 'public'::regnamespace and a.attnum > 0 and not a.attisdropped");
    }
}
