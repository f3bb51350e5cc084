package dev.ripcord.command.torture;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * Schemas that nobody has thought of: tables of many shapes and column types with rows in them, and what hangs on tables, all
 * under names that need care. The same chance makes the same statements; each must be run alone and in this order.
 */
final class RandomSchema {

    /** Roles that rights are granted to; they must be there. */
    static final List<String> GRANTEES = List.of("auditor", "clerk");

    private static final List<String> WORDS = List.of(
            "order",
            "select",
            "Übergröße",
            "two words",
            "q\"uote",
            "it's",
            "semi;colon",
            "back\\slash",
            "100%",
            "$$",
            "UPPER",
            "日本",
            "--",
            "{brace}",
            "a.b",
            "tab\tstop");

    /** Column types with a value for row {@code n}; {@code §} is a number of the column's own. */
    private static final List<Type> TYPES = List.of(
            new Type("smallint", "(n % 100)::smallint"),
            new Type("integer", "(n * § % 100003)::integer"),
            new Type("bigint", "n::bigint * 4294967296 + §"),
            new Type("numeric(20,6)", "n / 7.0 + §"),
            new Type("numeric", "case when n % 50 = 0 then 'NaN' else n::numeric / § end"),
            new Type("real", "(n / 3.0)::real"),
            new Type("double precision", "case n % 4 when 0 then 'Infinity' when 1 then '-0' else sqrt(n) end"),
            new Type("boolean", "n % 3 = 0"),
            new Type("text", "repeat(md5((n + §)::text), n % 5)"),
            new Type("text", "case when n % 40 = 0 then repeat(md5(§::text), 400) else E'\\t\\n\\\\N' || n end"),
            new Type("varchar(40)", "left(md5(n::text), 20) || E' \"''\\\\'"),
            new Type("char(7)", "'c' || n % 1000"),
            new Type("name", "'n' || n"),
            new Type("bytea", "decode(md5((n + §)::text), 'hex')"),
            new Type("date", "date '2000-02-29' + n"),
            new Type("timestamp", "timestamp 'epoch' + n * interval '1 day 0.000001 s'"),
            new Type("timestamptz", "timestamptz '1999-12-31 23:59:59.999999+00' + n * interval '1 h 1 s'"),
            new Type("timetz", "time '00:00:01' + n * interval '1 min'"),
            new Type("interval", "n * interval '1 month 2 days 3.5 s'"),
            new Type("uuid", "md5((n + §)::text)::uuid"),
            new Type("json", "json_build_object('n', n, 'w', '  wide  ')"),
            new Type("jsonb", "jsonb_build_object('n', n, 'x', array[n, §], 'ü', null)"),
            new Type("integer[]", "array[n, null, §]"),
            new Type("text[]", "array[array[n::text, 'x,y'], array['\"', E'\\\\']]"),
            new Type("inet", "('10.0.' || n % 256 || '.1/24')::inet"),
            new Type("bit(9)", "(n % 512)::bit(9)"),
            new Type("point", "point(n, §)"),
            new Type("tsvector", "to_tsvector('simple', 'word' || n || ' other')"),
            new Type("int4range", "int4range(n, n + §)"),
            new Type("datemultirange", "datemultirange(daterange(date '2020-01-01' + n, date '2021-01-01' + n))"),
            new Type("money", "n::numeric::money"),
            new Type("pg_lsn", "'0/1'::pg_lsn + n"));

    private final RandomGenerator random;
    private final List<String> statements = new ArrayList<>();
    private final List<String> schemas = new ArrayList<>(List.of("public"));
    private final List<Type> types = new ArrayList<>(TYPES);
    private final List<Table> tables = new ArrayList<>();
    private int named;

    private record Type(String name, String value) {

        boolean plain() {
            return TYPES.contains(this);
        }
    }

    private record Column(String name, Type type) {}

    private record Table(String name, List<Column> columns, int rows, boolean partitioned, boolean unlogged) {}

    private RandomSchema(RandomGenerator random) {
        this.random = random;
    }

    /** The statements that make one, in a database whose schema {@code public} is empty. */
    static List<String> statements(RandomGenerator random) {
        RandomSchema schema = new RandomSchema(random);
        for (int n = random.nextInt(3); n > 0; n--) schema.schema();
        for (int n = 1 + random.nextInt(4); n > 0; n--) schema.type();
        for (int n = 2 + random.nextInt(5); n > 0; n--) schema.table();
        for (int n = random.nextInt(3); n > 0; n--) schema.largeObject(n);
        return List.copyOf(schema.statements);
    }

    private void schema() {
        String name = word();
        add("create schema %s", name);
        schemas.add(name);
    }

    private void type() {
        String name = qualified();
        switch (random.nextInt(4)) {
            case 0 -> {
                add("create type %s as enum ('a', 'b c', 'ü''', '\"', '')", name);
                types.add(new Type(name, "(array['a', 'b c', 'ü''', '\"', ''])[n %% 5 + 1]::%s".formatted(name)));
            }
            case 1 -> {
                add("create domain %s as text default 'd' check (value <> 'never') check (length(value) < 99)", name);
                types.add(new Type(name, "'domain ' || n"));
            }
            case 2 -> {
                add("create type %s as (a integer, %s text, c numeric[])", name, word());
                types.add(new Type(name, "row(n, E'\\t(,)\"', array[n, §])::" + name));
            }
            default -> {
                add("create type %s as range (subtype = double precision)", name);
                types.add(new Type(name, name + "(n, n + 0.5, '[]')"));
            }
        }
    }

    private void table() {
        boolean partitioned = chance(4);
        Table table = new Table(
                qualified(),
                columns(),
                chance(5) ? 0 : 1 + random.nextInt(300),
                partitioned,
                !partitioned && chance(6));
        // what is logged must not refer to what is not
        List<Table> lasting = tables.stream().filter(each -> !each.unlogged()).toList();
        Table referred = lasting.isEmpty() || chance(3) ? null : one(lasting);
        String reference = referred == null ? "" : ", \"refers to\" bigint";
        create(table, reference);
        fill(table);
        if (referred != null) refer(table, referred);
        alter(table);
        indexes(table);
        hangOn(table);
        tables.add(table);
    }

    private List<Column> columns() {
        List<Column> columns = new ArrayList<>();
        for (int n = 1 + random.nextInt(9); n > 0; n--) columns.add(new Column(word(), one(types)));
        return columns;
    }

    private void create(Table table, String reference) {
        String id = table.partitioned() || chance(2)
                ? "id bigint not null"
                : chance(2) ? "id bigint generated by default as identity (increment 3)" : "id bigserial";
        StringBuilder columns = new StringBuilder(id);
        for (Column column : table.columns()) {
            columns.append(", ")
                    .append(column.name())
                    .append(' ')
                    .append(column.type().name());
        }
        columns.append(", made bigint generated always as (id * %d) stored".formatted(number()));
        columns.append(", check (id >= 0 and id <> %d)".formatted(100_000 + number()));
        columns.append(reference);
        if (!table.partitioned()) {
            add("create %s table %s (%s, primary key (id))", table.unlogged() ? "unlogged" : "", table.name(), columns);
            return;
        }
        if (chance(2)) {
            add("create table %s (%s, primary key (id)) partition by hash (id)", table.name(), columns);
            for (int n = 0; n < 3; n++) {
                add(
                        "create table %s partition of %s for values with (modulus 3, remainder %d)",
                        qualified(), table.name(), n);
            }
        } else {
            int middle = number();
            add("create table %s (%s, primary key (id)) partition by range (id)", table.name(), columns);
            add(
                    "create table %s partition of %s for values from (minvalue) to (%d)",
                    qualified(), table.name(), middle);
            add("create table %s partition of %s default", qualified(), table.name());
        }
    }

    private void fill(Table table) {
        List<String> names = new ArrayList<>(List.of("id"));
        List<String> values = new ArrayList<>(List.of("n"));
        for (Column column : table.columns()) {
            names.add(column.name());
            String value = column.type().value().replace("§", String.valueOf(number()));
            values.add(
                    chance(2)
                            ? "case when n %% %d = 0 then null else %s end".formatted(2 + random.nextInt(9), value)
                            : value);
        }
        add(
                "insert into %s (%s) select %s from generate_series(1, %d) as n",
                table.name(), String.join(", ", names), String.join(", ", values), table.rows());
    }

    /** Each row refers to one that is there, or to none. */
    private void refer(Table table, Table to) {
        add(
                "update %s set \"refers to\" = 1 + id %% %d where id %% 3 > 0 and %d > 0",
                table.name(), Math.max(1, to.rows()), to.rows());
        add(
                "alter table %s add constraint %s foreign key (\"refers to\") references %s (id) %s",
                table.name(),
                word(),
                to.name(),
                one(List.of(
                        "", "on delete cascade", "on update set null", "deferrable initially deferred", "match full")));
    }

    private void alter(Table table) {
        String any = one(table.columns()).name();
        if (chance(3)) {
            add("alter table %s add added integer not null default %d", table.name(), number());
            add("update %s set added = added + 1 where id %% 2 = 0", table.name());
        }
        if (chance(3)) {
            add("alter table %s add gone text default 'x'", table.name());
            add("alter table %s drop gone", table.name());
        }
        if (chance(3)) add("alter table %s alter %s set statistics %d", table.name(), any, number() % 100);
        if (chance(4) && !table.partitioned()) add("alter table %s set (fillfactor = 70)", table.name());
        if (chance(3)) add("comment on column %s.%s is 'it''s %s'", table.name(), any, number());
        if (chance(3)) add("grant select, update on %s to %s", table.name(), one(GRANTEES));
        if (chance(3)) add("grant select (%s), insert (id) on %s to %s", any, table.name(), one(GRANTEES));
        if (chance(4)) add("alter table %s replica identity full", table.name());
    }

    private void indexes(Table table) {
        List<Column> sortable = columns(
                table,
                type -> List.of("integer", "text", "date", "uuid", "numeric(20,6)")
                        .contains(type.name()));
        for (Column column : sortable) {
            switch (random.nextInt(6)) {
                case 0 -> add("create index on %s (%s desc nulls last, id)", table.name(), column.name());
                case 1 -> add("create index on %s (%s) include (id) where id > 3", table.name(), column.name());
                case 2 -> add("create index %s on %s using brin (%s)", word(), table.name(), column.name());
                case 3 -> add("create index on %s ((%s::text || 'x') collate \"C\")", table.name(), textual(column));
                case 4 -> add("create unique index on %s (id, %s)", table.name(), column.name());
                default -> add("create index on %s using hash (%s)", table.name(), column.name());
            }
        }
        for (Column column : columns(
                table, type -> type.name().equals("jsonb") || type.name().equals("tsvector"))) {
            add("create index on %s using gin (%s)", table.name(), column.name());
        }
        if (sortable.size() > 1) {
            add(
                    "create statistics %s (dependencies, mcv) on %s, %s from %s",
                    qualified(), sortable.get(0).name(), sortable.get(1).name(), table.name());
        }
    }

    /** Only what an index may depend on: a text that no setting changes. */
    private static String textual(Column column) {
        return column.type().name().equals("date")
                ? "(%s - date '2000-01-01')".formatted(column.name())
                : column.name();
    }

    private void hangOn(Table table) {
        String any = one(table.columns()).name();
        if (chance(3)) {
            String view = qualified();
            add(
                    "create view %s %s as select id, %s as shown from %s where id > 2",
                    view, chance(2) ? "with (security_barrier, security_invoker = true)" : "", any, table.name());
            if (chance(2)) add("grant select on %s to %s", view, one(GRANTEES));
        }
        if (chance(3)) {
            String view = qualified();
            boolean filled = chance(2);
            add(
                    "create materialized view %s as select id, made from %s with %s data",
                    view, table.name(), filled ? "" : "no");
            add("create unique index on %s (id)", view);
        }
        if (chance(3)) {
            add("alter table %s enable row level security", table.name());
            add(
                    "create policy %s on %s for select to %s using (id %% %d = 0)",
                    word(), table.name(), one(GRANTEES), number());
        }
        if (chance(3)) {
            String function = qualified();
            String trigger = word();
            add(
                    "create function %s() returns trigger language plpgsql as 'begin new.id := new.id; /* %d */ return new; end'",
                    function, number());
            add(
                    "create trigger %s before update of id on %s for each row when (new.id > %d) execute function %s()",
                    trigger, table.name(), number(), function);
            if (chance(2))
                add(
                        "alter table %s %s trigger %s",
                        table.name(), one(List.of("disable", "enable always", "enable replica")), trigger);
        }
        if (chance(4) && !table.partitioned()) {
            add("create table %s (more text) inherits (%s)", qualified(), table.name());
        }
    }

    private void largeObject(int n) {
        add("select lo_from_bytea(%d, decode(md5('%d'), 'hex'))", 900_000 + n, number());
    }

    private static List<Column> columns(Table table, Predicate<Type> wanted) {
        return table.columns().stream()
                .filter(column -> column.type().plain() && wanted.test(column.type()))
                .toList();
    }

    private String qualified() {
        return one(schemas) + '.' + word();
    }

    /** A name that is not taken, in quotes. */
    private String word() {
        return '"' + (one(WORDS) + ' ' + named++).replace("\"", "\"\"") + '"';
    }

    private boolean chance(int of) {
        return random.nextInt(of) == 0;
    }

    private int number() {
        return 1 + random.nextInt(200);
    }

    private <T> T one(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private void add(String statement, Object... parts) {
        statements.add(statement.formatted(parts).strip());
    }
}
