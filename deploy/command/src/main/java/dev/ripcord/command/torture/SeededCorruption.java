package dev.ripcord.command.torture;

import dev.ripcord.command.sample.SampleStack;
import dev.ripcord.command.sample.Shop;
import dev.ripcord.command.sample.Size;
import dev.ripcord.command.stack.EnrolledServer;
import dev.ripcord.databases.Databases;
import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.databases.ManifestComparison;
import dev.ripcord.databases.ManifestReader;
import dev.ripcord.databases.PgSession;
import dev.ripcord.databases.Schema;
import dev.ripcord.events.Manifest;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A copy of a database differs from it in one thing, the smallest there is: the comparison with the manifest, by which the
 * services prove a copy, must find it.
 */
final class SeededCorruption implements Trial {

    private static final String ONE =
            "(select ctid from %1$s offset (select floor(%2$f * count(*)) from %1$s) limit 1)";

    /** To the rows; {@code ROW} is one of them. */
    private static final List<String> DATA = List.of(
            "update products set price = price + 0.01 where ctid = ROW products",
            "update products set tags = tags || '{\"x\": null}' where ctid = ROW products",
            "update products set name = name || ' ' where ctid = ROW products",
            "update products set name = upper(name) || lower(name) where ctid = ROW products",
            "update customers set created_at = created_at + interval '1 microsecond' where ctid = ROW customers",
            "update customers set profile = profile || jsonb_build_object('x', 1.0) where ctid = ROW customers",
            "update customers set email = replace(email, '@', '@@') where ctid = ROW customers",
            "update orders set note = case when note is null then '' end where ctid = ROW orders",
            "update orders set customer_id = customer_id % 7 + 1, placed_at = placed_at - interval '1 s' where ctid = ROW orders",
            "update order_lines set quantity = quantity + 1 where ctid = ROW order_lines",
            "update payments_before set amount = -amount where ctid = ROW payments_before",
            "delete from order_lines where ctid = ROW order_lines",
            "delete from stock where ctid = ROW stock",
            "insert into products (sku, name, price, tax_rate, tags) select sku || '+', name, price, tax_rate, tags from products where ctid = ROW products",
            "insert into order_lines select order_id, line + 1000, product_id, quantity, price from order_lines where ctid = ROW order_lines",
            "truncate order_lines",
            "select lo_put(oid, 10, 'X') from pg_largeobject_metadata limit 1");

    /** To everything else. */
    private static final List<String> SCHEMA = List.of(
            "drop index orders_by_customer",
            "drop index customers_by_profile; create index customers_by_profile on customers using gin (profile jsonb_path_ops)",
            "alter table products drop constraint products_price_check",
            "alter table stock drop constraint stock_quantity_check; alter table stock add check (quantity >= -1)",
            "alter table order_lines drop constraint order_lines_product_id_fkey",
            "alter table customers alter email drop not null",
            "alter table orders alter placed_at set default now()",
            "alter table customers alter name type varchar(500)",
            "alter table products rename tags to labels",
            "drop policy own_warehouse on stock",
            "alter table stock disable row level security",
            "alter policy own_warehouse on stock using (true)",
            "drop trigger note_stock_movement on stock",
            "alter table stock disable trigger note_stock_movement",
            "create or replace view price_list as select id, sku, name, price, round(price * (1 - tax_rate), 2) as gross from products",
            "create or replace function note_stock_movement() returns trigger language plpgsql as 'begin return null; end'",
            "revoke insert on payments from shop_app",
            "grant delete on orders to shop_app",
            "grant select on products to public",
            "alter table customers owner to shop_app",
            "comment on column orders.client is 'else'",
            "drop materialized view sales_by_month",
            "alter sequence invoice_numbers increment 2",
            "alter table orders cluster on orders_pkey",
            "alter table payments detach partition payments_later",
            "create table left_over (id int)");

    private @Nullable Shop shop;
    private @Nullable Manifest expected;

    @Override
    public String name() {
        return "seeded-corruption";
    }

    @Override
    public Ground.Kind ground() {
        return Ground.Kind.CLONE;
    }

    @Override
    public int runs(boolean quick) {
        return quick ? 12 : 300;
    }

    @Override
    public void prepare(Ground ground) throws Exception {
        Shop made = SampleStack.shop(ground.stack(), "seeded").create(new Size(1));
        shop = made;
        expected = manifest(ground, made.database());
    }

    @Override
    public List<String> run(Ground ground, Run run) throws Exception {
        if (shop == null || expected == null) throw new IllegalStateException("not prepared");
        int which = run.oneOf(DATA.size() + SCHEMA.size());
        String change = which < DATA.size()
                ? located(DATA.get(which), run.random().nextDouble())
                : SCHEMA.get(which - DATA.size());
        ground.execute("postgres", "create database corrupted template " + shop.database() + " strategy file_copy");
        try {
            corrupt(ground, change);
            Manifest found = manifest(ground, "corrupted");
            boolean noticed = !ManifestComparison.schema(expected, Schema.of(found))
                            .isEmpty()
                    || !ManifestComparison.content(expected, found.tables()).isEmpty();
            return noticed ? List.of() : List.of("not noticed: " + change);
        } finally {
            ground.execute("postgres", "drop database corrupted with (force)");
        }
    }

    /** Without triggers: nothing else changes. */
    private static void corrupt(Ground ground, String change) throws SQLException {
        try (Connection connection = ground.server().connect("corrupted");
                Statement statement = connection.createStatement()) {
            statement.execute("set session_replication_role = replica");
            statement.execute(change);
            if (statement.getUpdateCount() == 0 && change.matches("(update|delete|insert) .*")) {
                throw new IllegalStateException("this changes nothing: " + change);
            }
        }
    }

    private static String located(String change, double share) {
        int row = change.indexOf("ROW ");
        if (row < 0) return change;
        return change.substring(0, row) + ONE.formatted(change.substring(row + 4), share * 0.999);
    }

    private static Manifest manifest(Ground ground, String database) {
        EnrolledDatabase enrolled = Databases.read(ground.stack().folder().databases())
                .find(ground.shop().database())
                .orElseThrow();
        EnrolledDatabase.Role superuser = EnrolledServer.superuser(
                ground.server().superuser(), ground.stack().folder().postgres().resolve("password"));
        try (PgSession session =
                PgSession.open(ground.stack().vertx(), enrolled.server(), superuser, database, Duration.ofMinutes(1))) {
            return ManifestReader.read(session, Map.of());
        }
    }
}
