package dev.ripcord.rollback.method.down;

import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.databases.EnrolledDatabase.Migrations;
import dev.ripcord.databases.EnrolledDatabase.Tool;
import dev.ripcord.events.Way;
import dev.ripcord.rollback.method.Method;
import dev.ripcord.rollback.method.MethodConformance;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

@ParameterizedClass
@ValueSource(ints = {15, 18})
class DownMethodTest implements MethodConformance {

    private final int major;

    DownMethodTest(int major) {
        this.major = major;
    }

    @Override
    public int major() {
        return major;
    }

    private static final Bundle BUNDLE = Place.bundle(
            Tool.scripts,
            Map.of(
                    "001_orders.up.sql", "select 1;",
                    "001_orders.down.sql", "select 1;",
                    "002_price.up.sql", "alter table orders add column extra text;",
                    "002_price.down.sql",
                            "alter table orders drop column extra; alter table " + HOSTILE + " drop column made;"));

    @Override
    public Method method() {
        return new DownMethod(snapshot -> Optional.of(BUNDLE));
    }

    @Override
    public EnrolledDatabase configured(EnrolledDatabase database) {
        return new EnrolledDatabase(
                database.id(),
                database.environment(),
                database.server(),
                database.roles(),
                database.snapshot(),
                null,
                null,
                null,
                new Migrations(Tool.scripts, Path.of("migrations"), null, null, null),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    @Override
    public Case example() {
        return new Case(
                """
                create table schema_migrations (version varchar(255) primary key, name text not null, status text not null,
                    applied_at timestamptz default now(), error_message text);
                insert into schema_migrations (version, name, status) values ('001', 'orders', 'completed');
                """,
                "alter table orders add column extra text; alter table " + HOSTILE
                        + " add column made int; insert into schema_migrations (version, name, status) values ('002', 'price', 'completed')",
                Way.of("down"),
                "orders",
                "select (select count(*) from pg_attribute a join pg_class c on c.oid = a.attrelid where c.relnamespace = 'public'::regnamespace and not attisdropped)"
                        + " || (select string_agg(version, ',' order by version) from public.schema_migrations where status = 'completed')");
    }
}
