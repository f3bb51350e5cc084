package dev.ripcord.databases;

import dev.ripcord.events.Manifest;
import io.vertx.sqlclient.Row;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Computes a database's manifest. For figures that belong to one moment the session must be in a repeatable read
 * transaction, or the database closed to writers.
 */
public final class ManifestReader {

    /** How many objects of a schema a manifest lists, in about a megabyte: it is sent in an event. */
    public static final int MOST_OBJECTS = 10_000;

    /** Goes up with each release in which something that has not changed gets another hash, or another name. */
    public static final int READING = 1;

    /** Begins the definition of a function whose body is no text. */
    private static final String IN_SQL = "body in SQL: ";

    private static final String EXTENSION_RIGHTS = resource("extension-rights.sql");

    /** Goes on with the conditions of {@link #EXTENSION_RIGHTS}. */
    private static final String OF_SUPERUSERS = """
             and exists (select from pg_depend m join pg_extension e on e.oid = m.refobjid
                           join pg_available_extension_versions v on (v.name, v.version) = (e.extname, e.extversion)
                          where (m.classid, m.objid, m.deptype) = (o.classoid, o.objoid, 'e') and v.superuser)""";

    private static final String OBJECTS = "select kind, name, md5(coalesce(definition, '')) as hash,"
            + " case when strpos(definition, 'ARRAY[') > 0 or strpos(definition, '" + IN_SQL + "') > 0"
            + " or definition ~ '" + Deparsed.NAMED_CONSTANT.replace("'", "''")
            + "' then definition end as unsettled from ("
            + resource("schema-objects.sql") + "\nunion all\n" + EXTENSION_RIGHTS
            + ") o order by kind collate \"C\", name collate \"C\", hash";
    private static final String TABLES = resource("tables.sql");

    /** By the row's own output function: a cast to text may be anybody's, and {@code t} may be a column. */
    private static final String ROWS =
            "select count(*) as rows, coalesce(sum(hashtextextended(textin(record_out(t.*)) collate \"C\", 0)), 0)::text as hash from ";

    private static final String LARGE_OBJECTS = resource("large-objects.sql");

    private static final String SEQUENCES =
            // the view pg_sequences would read, and lock, every one of them
            "select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace"
                    + " where c.relkind = 'S' and n.nspname !~ '^pg_'";
    private static final String LAST_VALUES =
            "select format('%I.%I', schemaname, sequencename) as name, last_value from pg_sequences"
                    + " where format('%I.%I', schemaname, sequencename) = any($1) order by 1";
    private static final int SEQUENCES_AT_ONCE = 500;

    private static final String FOREIGN_KEYS = resource("foreign-keys.sql");

    private ManifestReader() {}

    /** The whole manifest; {@code properties} come from the admin database. */
    public static Manifest read(PgSession session, Map<String, String> properties) {
        return read(session, properties, session::query);
    }

    /**
     * The same in a transaction that the session stays in. What the reading of a table's rows locks beside it, its indexes, is
     * let go at once: the server has room for some thousands of locks, which the application needs too.
     */
    public static Manifest readHeld(PgSession session, Map<String, String> properties) {
        return read(session, properties, sql -> {
            session.execute("savepoint content");
            List<Row> rows = session.query(sql);
            session.execute("rollback to savepoint content; release savepoint content");
            return rows;
        });
    }

    private static Manifest read(
            PgSession session, Map<String, String> properties, Function<String, List<Row>> contentOf) {
        Row server = session.query("select (select system_identifier::text from pg_control_system()) as system,"
                        + " current_setting('server_version') as version, current_database()::text as name")
                .getFirst();
        Schema schema = schema(session);
        return new Manifest(
                server.getString("system"),
                server.getString("version"),
                server.getString("name"),
                Instant.now(),
                schema.fingerprint(),
                tables(session, contentOf),
                schema.objects(),
                sequences(session),
                properties,
                MigrationTool.version(session).orElse(null),
                List.of());
    }

    /** Every object of the schema, in the order of kind and name. */
    public static List<Manifest.SchemaObject> objects(PgSession session) {
        List<Manifest.SchemaObject> objects = new ArrayList<>();
        each(session, objects::add);
        return Collections.unmodifiableList(objects);
    }

    /** The schema: every object of it, or the fingerprint alone where there are more than {@value #MOST_OBJECTS}. */
    public static Schema schema(PgSession session) {
        List<Manifest.SchemaObject> objects = new ArrayList<>();
        Fingerprint fingerprint = new Fingerprint();
        AtomicInteger count = new AtomicInteger();
        each(session, object -> {
            fingerprint.add(object);
            if (count.incrementAndGet() <= MOST_OBJECTS) objects.add(object);
        });
        return new Schema(fingerprint.value(), count.get() <= MOST_OBJECTS ? objects : List.of());
    }

    /** The fingerprint of the schema. */
    public static String fingerprint(PgSession session) {
        Fingerprint fingerprint = new Fingerprint();
        each(session, fingerprint::add);
        return fingerprint.value();
    }

    /**
     * What comes with an extension that only a superuser can make, whose objects are its own then, and has other rights than it came
     * with: only a superuser can give them to a copy.
     */
    public static List<String> extensionRights(PgSession session) {
        return session
                .query("select name from (" + EXTENSION_RIGHTS + OF_SUPERUSERS + ") o order by name collate \"C\"")
                .stream()
                .map(row -> row.getString("name"))
                .toList();
    }

    /** Reads every object of the schema, in the order of kind and name. */
    static void each(PgSession session, Consumer<Manifest.SchemaObject> reader) {
        session.each(
                OBJECTS,
                row -> reader.accept(
                        new Manifest.SchemaObject(row.getString("kind"), row.getString("name"), hash(row))));
    }

    private static String hash(Row row) {
        String unsettled = row.getString("unsettled");
        if (unsettled == null) return row.getString("hash");
        return md5(unsettled.contains(IN_SQL) ? Deparsed.opened(unsettled) : Deparsed.settled(unsettled));
    }

    private static String md5(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has MD5", e);
        }
    }

    /** Rows and content hash of each table, materialized view and of the large objects. */
    public static List<Manifest.Table> tables(PgSession session) {
        return tables(session, session::query);
    }

    private static List<Manifest.Table> tables(PgSession session, Function<String, List<Row>> contentOf) {
        List<Manifest.Table> tables = new ArrayList<>();
        for (Row row : session.query(TABLES)) {
            String name = row.getString("name");
            String kind = row.getString("kind");
            if (row.getBoolean("empty")) {
                tables.add(new Manifest.Table(name, kind, 0, "0"));
                continue;
            }
            Row content =
                    contentOf.apply(ROWS + row.getString("content") + " t").getFirst();
            tables.add(new Manifest.Table(name, kind, content.getLong("rows"), content.getString("hash")));
        }
        Row large = session.query(LARGE_OBJECTS).getFirst();
        tables.add(
                new Manifest.Table("large objects", "large objects", large.getLong("rows"), large.getString("hash")));
        tables.sort(java.util.Comparator.comparing(Manifest.Table::name));
        return Collections.unmodifiableList(tables);
    }

    /** Last value of each sequence; some at a time, because reading one takes a lock until the statement ends. */
    public static List<Manifest.Sequence> sequences(PgSession session) {
        List<String> names = session.query(SEQUENCES + " order by 1").stream()
                .map(row -> row.getString("name"))
                .toList();
        List<Manifest.Sequence> sequences = new ArrayList<>();
        for (int from = 0; from < names.size(); from += SEQUENCES_AT_ONCE) {
            List<String> some = names.subList(from, Math.min(names.size(), from + SEQUENCES_AT_ONCE));
            session.query(LAST_VALUES, (Object) some.toArray(String[]::new)).stream()
                    .map(row -> new Manifest.Sequence(row.getString("name"), row.getLong("last_value")))
                    .forEach(sequences::add);
        }
        return Collections.unmodifiableList(sequences);
    }

    /**
     * The rows that break a validated foreign key, for each key that has some. Asked of the rows themselves, because
     * PostgreSQL does not look again at a constraint that it holds for validated. Reads whole tables.
     */
    public static List<Manifest.Orphans> orphans(PgSession session) {
        session.execute("set work_mem = '64MB'");
        List<Manifest.Orphans> orphans = new ArrayList<>();
        for (Row key : session.query(FOREIGN_KEYS)) {
            long rows = session.query(key.getString("orphans")).getFirst().getLong(0);
            if (rows == 0) continue;
            String foreignKey = key.getString("referencing") + " " + key.getString("name");
            orphans.add(new Manifest.Orphans(foreignKey, key.getString("referenced"), rows));
        }
        return Collections.unmodifiableList(orphans);
    }

    private static String resource(String name) {
        return SqlResource.read(name);
    }
}
