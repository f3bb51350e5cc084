package dev.ripcord.snapshot.provider.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ripcord.databases.AdminSession;
import dev.ripcord.databases.AdminSession.Command;
import dev.ripcord.databases.DatabaseFailure;
import dev.ripcord.databases.Databases;
import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.databases.EnrolledDatabase.Environment;
import dev.ripcord.databases.EnrolledDatabase.Role;
import dev.ripcord.databases.EnrolledDatabase.Server;
import dev.ripcord.databases.Enrolment;
import dev.ripcord.databases.Identity;
import dev.ripcord.databases.Secret;
import dev.ripcord.embedded.DatabaseServer;
import dev.ripcord.embedded.EmbeddedPostgres;
import dev.ripcord.events.Manifest;
import dev.ripcord.snapshot.SampleDatabase;
import dev.ripcord.snapshot.core.Progress;
import dev.ripcord.snapshot.core.Provider;
import dev.ripcord.snapshot.core.Provider.Found;
import dev.ripcord.snapshot.core.Provider.Order;
import dev.ripcord.snapshot.core.Provider.Restored;
import dev.ripcord.snapshot.core.Refusal;
import dev.ripcord.snapshot.core.Taken;
import dev.ripcord.snapshot.provider.AdminSessions;
import dev.ripcord.snapshot.provider.RoundTripConformance;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArchiveProviderTest implements RoundTripConformance {

    private static final int MAJOR = 15;
    private static final Vertx VERTX = Vertx.vertx();

    @TempDir
    static Path folder;

    @SuppressWarnings("NullAway.Init")
    private static EmbeddedPostgres postgres;

    @BeforeAll
    static void start() throws IOException {
        if (Programs.fitting(MAJOR).isEmpty()) {
            String missing = "THE ARCHIVE FORM IS NOT TESTED: no pg_dump that fits PostgreSQL " + MAJOR
                    + " is installed (Debian: apt install postgresql-client-" + MAJOR + ")";
            if ("true".equals(System.getenv("CI"))) Assertions.fail(missing);
            System.err.println(missing);
            Assumptions.abort(missing);
        }
        postgres = EmbeddedPostgres.start(Files.createTempDirectory("ripcord-15-"), MAJOR, 0);
    }

    @AfterAll
    static void stop() throws IOException {
        if (postgres == null) return;
        postgres.stop();
        try (Stream<Path> all = Files.walk(postgres.dataFolder())) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(each);
        }
    }

    @Override
    public void leaveUnfinished(SampleDatabase sample, Order order) {
        Path unfinished = store(sample).resolve(order.snapshot() + ".partial-" + order.fence());
        try {
            Files.createDirectories(unfinished.resolve("archive"));
            Files.writeString(unfinished.resolve("archive").resolve("toc.dat"), "cut off");
            if (sample.made("shadow") == 0) {
                String shadow = order.database().shadowName(order.snapshot());
                sample.run("postgres", "create database " + shadow + " owner ripcord_restore");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Provider provider() {
        return new ArchiveProvider(new AdminSessions(VERTX));
    }

    @Override
    public SampleDatabase sample(String name, String options) {
        DatabaseServer server = postgres.server();
        return SampleDatabase.create(VERTX, server, folder, name, true, options);
    }

    @Override
    public EnrolledDatabase enrolled(SampleDatabase sample, String marker) {
        try {
            Path file = folder.resolve(sample.name() + ".yaml");
            SampleDatabase marked = new SampleDatabase(sample.server(), sample.name(), marker);
            String store = "store: " + folder.resolve("store");
            Files.writeString(file, "databases:\n" + marked.yaml(folder, "form: archive", store));
            return Databases.read(file).find(sample.name()).orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As a dump has it, and what a dump leaves out. */
    @Override
    public List<String> everything(SampleDatabase sample, String database) {
        List<String> lines = new ArrayList<>(Dump.of(postgres, database));
        lines.add(sample.value(database, """
                select string_agg(concat_ws(' ', extname, extversion), ', ' order by extname)
                    || (select string_agg(concat_ws(' ', conrelid::regclass, conname, tgenabled), ', ' order by conrelid::regclass::text, conname, tgtype)
                          from pg_trigger t join pg_constraint k on k.oid = tgconstraint where tgisinternal)
                    || (select string_agg(concat_ws(' ', oid::regclass, relispopulated), ', ' order by oid::regclass::text) from pg_class where relkind = 'm')
                  from pg_extension"""));
        lines.add(sample.value(
                "select concat_ws(' ', pg_encoding_to_char(encoding), datcollate, datctype, datlocprovider, daticulocale, dattablespace)"
                        + " from pg_database where datname = '" + database + "'"));
        return lines;
    }

    private static Path store(SampleDatabase sample) {
        return folder.resolve("store").resolve(sample.name());
    }

    private Order order(SampleDatabase sample) {
        return new Order(enrolled(sample, sample.marker()), "one", 1);
    }

    @Test
    void a_flipped_bit_is_refused_before_anything_is_restored() throws IOException {
        SampleDatabase sample = sample("flipped");
        Order order = order(sample);
        assertThat(provider().take(order)).isInstanceOf(Taken.class);
        Path largest = largestFile(sample);
        byte[] bytes = Files.readAllBytes(largest);
        bytes[bytes.length / 2] ^= 1;
        Files.write(largest, bytes);

        assertRefused(sample, order, "was changed");
    }

    @Test
    void a_truncated_archive_is_refused_before_anything_is_restored() throws IOException {
        SampleDatabase sample = sample("truncated");
        Order order = order(sample);
        assertThat(provider().take(order)).isInstanceOf(Taken.class);
        Path largest = largestFile(sample);
        try (FileChannel channel = FileChannel.open(largest, StandardOpenOption.WRITE)) {
            channel.truncate(channel.size() / 2);
        }

        assertRefused(sample, order, "was changed");
    }

    @Test
    void a_file_that_is_gone_is_refused_before_anything_is_restored() throws IOException {
        SampleDatabase sample = sample("gone");
        Order order = order(sample);
        assertThat(provider().take(order)).isInstanceOf(Taken.class);
        Files.delete(largestFile(sample));

        assertRefused(sample, order, "is missing");
    }

    @Test
    void files_that_stand_in_each_others_place_are_refused_before_anything_is_restored() throws IOException {
        SampleDatabase sample = sample("interchanged");
        Order order = order(sample);
        assertThat(provider().take(order)).isInstanceOf(Taken.class);
        Path largest = largestFile(sample);
        Path other = largest.resolveSibling("toc.dat");
        Path aside = largest.resolveSibling("aside");
        Files.move(largest, aside);
        Files.move(other, largest);
        Files.move(aside, other);

        assertRefused(sample, order, "was changed");
    }

    @Test
    void a_manifest_that_was_changed_in_the_store_is_refused_before_anything_is_restored() throws IOException {
        SampleDatabase sample = sample("rewritten");
        Order order = order(sample);
        Taken taken = (Taken) provider().take(order);
        Manifest manifest = provider().manifest(order, taken);
        Path file = store(sample).resolve("one").resolve("manifest.json");
        String text = Files.readString(file);
        Files.writeString(file, text.replaceAll("\"rows\"( ?): ?5000", "\"rows\"$1: 4999"));
        assertThat(Files.readString(file)).isNotEqualTo(text);

        Provider.Restoration restoration = provider().restore(order, manifest, "one");

        assertThat(restoration)
                .isInstanceOfSatisfying(
                        Refusal.class,
                        refusal -> assertThat(refusal.reason())
                                .contains("damaged")
                                .contains("manifest.json was changed: public.orders (expected"));
        assertThat(sample.made("shadow")).isZero();
    }

    @Test
    void an_archive_whose_manifest_an_earlier_version_has_read_otherwise_is_not_called_wrong() throws IOException {
        SampleDatabase sample = sample("read-before");
        Order order = order(sample);
        assertThat(provider().take(order)).isInstanceOf(Taken.class);
        Path archive = store(sample).resolve("one");
        Path file = archive.resolve("manifest.json");
        String text = Files.readString(file);
        Files.writeString(file, text.replaceAll("\"rows\"( ?): ?5000", "\"rows\"$1: 4999"));
        Manifest otherwise = new FolderStore(folder.resolve("store"), sample.name()).manifest("one");

        Provider.Restoration now = provider().restore(order, otherwise, "one");
        Files.delete(archive.resolve("noted.json"));
        Provider.Restoration later = provider().restore(order, otherwise, "one");
        Files.writeString(file, text);
        Provider.Restoration alike = provider()
                .restore(order, new FolderStore(folder.resolve("store"), sample.name()).manifest("one"), "one");

        assertThat(now)
                .isInstanceOfSatisfying(
                        Refusal.class,
                        refusal ->
                                assertThat(refusal.reason()).startsWith("the restored copy differs from the manifest"));
        assertThat(later).isInstanceOfSatisfying(Refusal.class, refusal -> {
            assertThat(refusal.reason())
                    .startsWith("another version of Ripcord has written the manifest")
                    .contains("public.orders");
            assertThat(refusal.next()).startsWith("ask at the gate again");
        });
        assertThat(alike).isInstanceOf(Restored.class);
    }

    @Test
    void a_store_that_is_away_or_cannot_be_read_says_nothing_of_the_archive_which_is_restored_when_it_is_back()
            throws IOException {
        SampleDatabase sample = sample("remounted");
        Order order = order(sample);
        Manifest manifest = provider().manifest(order, (Taken) provider().take(order));
        Path elsewhere = store(sample).resolveSibling("remounted-elsewhere");

        Files.move(store(sample), elsewhere);
        assertUnreadable(order, manifest, "the archive is not in the store");
        Files.move(elsewhere, store(sample));
        for (Path file : List.of(largestFile(sample), store(sample).resolve("one/manifest.json"))) {
            Path aside = file.resolveSibling("aside");
            Files.move(file, aside);
            // for the superuser nothing else cannot be read
            Files.createSymbolicLink(file, file);
            assertUnreadable(order, manifest, "symbolic links", file.toString(), "see to it on the machine");
            Files.delete(file);
            Files.move(aside, file);
        }

        assertThat(sample.made("shadow")).isZero();
        assertThat(provider().restore(order, manifest, "one")).isInstanceOf(Restored.class);
    }

    private void assertUnreadable(Order order, Manifest manifest, String... words) {
        assertThatThrownBy(() -> provider().restore(order, manifest, "one"))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContainingAll(words);
    }

    @Test
    void a_restore_says_how_far_it_is() {
        SampleDatabase sample = sample("watched");
        Order order = order(sample);
        Manifest manifest = provider().manifest(order, (Taken) provider().take(order));
        List<String> phases = new CopyOnWriteArrayList<>();
        List<Progress.Step> ends = new CopyOnWriteArrayList<>();
        AtomicReference<Supplier<Progress.Step>> last = new AtomicReference<>();
        Progress progress = now -> {
            // what a phase says when it is over
            if (last.get() != null) ends.add(last.get().get());
            last.set(now);
            phases.add(now.get().phase());
        };

        assertThat(provider().restore(order, manifest, "one", progress)).isInstanceOf(Restored.class);

        assertThat(phases).containsExactly("checking", "restoring", "analyzing", "comparing");
        assertThat(ends.get(1).phase()).isEqualTo("indexing");
        assertThat(ends.get(1).done()).isPositive().isEqualTo(ends.get(1).total());
        assertThat(ends.get(1).percent()).isEqualTo(100);
    }

    private void assertRefused(SampleDatabase sample, Order order, String reason) {
        Manifest manifest = new FolderStore(folder.resolve("store"), sample.name()).manifest("one");

        Provider.Restoration restoration = provider().restore(order, manifest, "one");

        assertThat(restoration)
                .isInstanceOfSatisfying(
                        Refusal.class,
                        refusal ->
                                assertThat(refusal.reason()).contains("damaged").contains(reason));
        assertThat(sample.made("shadow")).isZero();
    }

    @Test
    void the_application_goes_on_and_the_shadow_still_equals_the_manifest() throws Exception {
        SampleDatabase sample = sample("online");
        Order order = order(sample);
        AtomicBoolean goOn = new AtomicBoolean(true);
        Thread application = Thread.ofVirtual().start(() -> write(sample, goOn));
        try {
            Provider.Take take = provider().take(order);

            assertThat(take)
                    .isInstanceOfSatisfying(
                            Taken.class,
                            taken -> assertThat(taken.pauseMillis()).isZero());
            Manifest manifest = provider().manifest(order, (Taken) take);
            assertThat(provider().restore(order, manifest, "one")).isInstanceOf(Restored.class);
        } finally {
            goOn.set(false);
            application.join();
        }
    }

    @Test
    void numbers_of_sequences_whose_names_need_an_encoding_are_given_out_meanwhile_too() throws Exception {
        SampleDatabase sample =
                sample("numbered", "encoding 'LATIN1' locale_provider libc locale 'C' template template0");
        sample.run("set role shop_owner; create sequence \"größe\"");
        Order order = order(sample);
        AtomicBoolean goOn = new AtomicBoolean(true);
        Thread application = Thread.ofVirtual().start(() -> write(sample, goOn, "select nextval('\"größe\"')"));
        try {
            Taken taken = (Taken) provider().take(order);
            assertThat(provider().restore(order, provider().manifest(order, taken), "one"))
                    .isInstanceOf(Restored.class);
        } finally {
            goOn.set(false);
            application.join();
        }
    }

    private static void write(SampleDatabase sample, AtomicBoolean goOn) {
        write(
                sample,
                goOn,
                "insert into orders (customer, total) values (1, 1)",
                "update orders set total = total + 1 where id = 1");
    }

    private static void write(SampleDatabase sample, AtomicBoolean goOn, String... statements) {
        try (Connection connection = sample.connect();
                Statement statement = connection.createStatement()) {
            while (goOn.get()) {
                for (String each : statements) statement.execute(each);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void a_stopped_owner_keeps_no_table_from_the_migration_when_its_successor_has_opened_the_gate() {
        SampleDatabase sample = sample("stopped");
        EnrolledDatabase database = order(sample).database();
        try (HeldMoment stopped = held(database, "one", 1)) {
            assertThat(provider().take(new Order(database, "one", 2))).isInstanceOf(Taken.class);
            assertLetGo(sample, stopped);
        }
        // also one that has done everything but to let go
        try (HeldMoment stopped = held(database, "one", 2)) {
            assertThat(provider().take(new Order(database, "one", 3))).isInstanceOf(Found.class);
            assertLetGo(sample, stopped);
        }
        try (HeldMoment stopped = held(database, "one", 3)) {
            provider().delete(new Order(database, "one", 4), Optional.of("one"));
            assertLetGo(sample, stopped);
        }
    }

    @Test
    void a_table_whose_statistics_cannot_be_made_takes_them_from_no_other() {
        SampleDatabase sample = sample("unobserved");
        sample.run("""
                set role shop_owner;
                create function found_by_path(int) returns int immutable language sql as 'select $1';
                create function counted(int) returns int immutable language plpgsql as 'begin return found_by_path($1); end';
                create table a_first (a int, b int);
                insert into a_first values (1, 1), (2, 2);
                create statistics of_both on (counted(a)), b from a_first""");
        Order order = new Order(enrolled(sample, sample.marker()), "one", 1);
        Taken taken = (Taken) provider().take(order);

        Restored restored = (Restored) provider().restore(order, provider().manifest(order, taken), "one");

        sample.run("postgres", "alter database \"" + restored.shadow().name() + "\" with allow_connections true");
        assertThat(
                        sample.value(
                                restored.shadow().name(),
                                "select string_agg(distinct tablename, ' ') from pg_stats where tablename in ('a_first', 'orders')"))
                .isEqualTo("orders");
    }

    @Test
    void a_stopped_owners_dump_is_ended_and_nobody_elses_sessions_are() throws SQLException {
        SampleDatabase sample = sample("held-up");
        sample.run("create sequence in_use");
        EnrolledDatabase database = order(sample).database();
        try (Connection superuser = sample.connect();
                Statement statement = superuser.createStatement();
                AdminSession admin =
                        AdminSession.open(VERTX, database, database.roles().snapshot(), Duration.ofMinutes(1));
                HeldMoment stopped = held(database, "one", 1);
                HeldMoment present = held(database, "one", 2);
                HeldMoment newer = held(database, "one", 3);
                HeldMoment other = held(database, "other", 1)) {
            superuser.setAutoCommit(false);
            statement.execute("drop sequence in_use");
            try (ClientProcess dump = dump(database, stopped)) {
                await().until(() -> sample.value("select count(*) from pg_stat_activity"
                                + " where application_name = 'ripcord one 1' and wait_event_type = 'Lock'")
                        .equals("1"));

                admin.endEarlier(new Command("one", 2), admin.identify());

                assertThat(sample.value(
                                "select count(*) from pg_stat_activity where application_name = 'ripcord one 1'"))
                        .isEqualTo("0");
                assertThatThrownBy(dump::await).isInstanceOf(IllegalStateException.class);
            }
            for (HeldMoment each : List.of(present, newer, other)) {
                assertThat(each.session().query("select 1")).hasSize(1);
            }
        }
    }

    @Test
    void a_stopped_owner_that_goes_on_hears_that_it_has_a_successor() {
        SampleDatabase sample = sample("awake");
        EnrolledDatabase database = order(sample).database();
        try (AdminSession admin =
                AdminSession.open(VERTX, database, database.roles().snapshot(), Duration.ofMinutes(1))) {
            Identity identity = admin.identify();
            admin.noteProperties(new Command("one", 1), identity);
            admin.requireNewest(new Command("one", 1));

            admin.noteProperties(new Command("one", 2), identity);

            assertThatThrownBy(() -> admin.requireNewest(new Command("one", 1)))
                    .hasMessageContaining("A newer owner has taken over one");
            admin.requireNewest(new Command("one", 2));
            admin.requireNewest(new Command("other", 1));
        }
    }

    private static HeldMoment held(EnrolledDatabase database, String snapshot, long fence) {
        return HeldMoment.of(VERTX, database, new Command(snapshot, fence)).orElseThrow();
    }

    private static void assertLetGo(SampleDatabase sample, HeldMoment stopped) {
        sample.run("set lock_timeout = '1s'; alter table orders add column migrated int;"
                + " alter table orders drop column migrated");
        assertThatThrownBy(() -> stopped.session().query("select 1")).isInstanceOf(DatabaseFailure.class);
    }

    private static ClientProcess dump(EnrolledDatabase database, HeldMoment moment) {
        return ClientProcess.connected(
                Programs.fitting(MAJOR).orElseThrow().dump(),
                database,
                database.roles().snapshot(),
                database.server().database(),
                new Command("one", 1).session(),
                List.of("--format=directory", "--snapshot=" + moment.id(), "--file=" + folder.resolve("held-up")));
    }

    private static Consumer<DatabaseFailure> passing() {
        return failure -> assertThat(failure.passing()).as(failure.getMessage()).isTrue();
    }

    @Test
    void a_dump_that_finds_no_connection_is_tried_again() {
        SampleDatabase sample = sample("crowded");
        Order order = order(sample);
        limited(
                sample,
                "ripcord_snapshot",
                3,
                () -> assertThatThrownBy(() -> provider().take(order))
                        .hasMessageContaining("pg_dump")
                        .isInstanceOfSatisfying(DatabaseFailure.class, passing()));

        assertThat(provider().take(new Order(order.database(), "one", 2))).isInstanceOf(Taken.class);
    }

    @Test
    void a_restore_that_finds_no_connection_is_tried_again() {
        SampleDatabase sample = sample("narrow");
        Order order = order(sample);
        Manifest manifest = provider().manifest(order, (Taken) provider().take(order));
        limited(
                sample,
                "ripcord_restore",
                1,
                () -> assertThatThrownBy(() -> provider().restore(order, manifest, "one"))
                        .hasMessageContaining("pg_restore")
                        .isInstanceOfSatisfying(DatabaseFailure.class, passing()));

        assertThat(provider().restore(order, manifest, "one")).isInstanceOf(Restored.class);
    }

    /** Indexes what a function says of it, which says something else while the restoring role's sessions have this setting. */
    private static void failing(SampleDatabase sample, String setting, String raised) {
        sample.run(
                "set role shop_owner; create table people (mail text); insert into people values ('ada@example.org');"
                        + " create function told(mail text) returns text immutable language plpgsql as $$ begin"
                        + " if current_setting('" + setting + "', true) = 'on' then raise exception " + raised
                        + "; end if;"
                        + " return mail; end $$; create index by_what_is_told on people (told(mail))");
    }

    /** Does something while the restoring role's sessions have this setting. */
    private static void restoring(SampleDatabase sample, String setting, Runnable done) {
        sample.run("alter role ripcord_restore set " + setting + " = 'on'");
        try {
            done.run();
        } finally {
            sample.run("alter role ripcord_restore reset " + setting);
        }
    }

    private static Consumer<DatabaseFailure> ofTheServer(String state) {
        return failure -> {
            assertThat(failure.sqlState()).isEqualTo(state);
            assertThat(failure.ofTheServer()).isTrue();
        };
    }

    @Test
    void a_restore_without_room_leaves_nothing_and_is_made_when_there_is_room() {
        SampleDatabase sample = sample("without-room");
        failing(
                sample,
                "ripcord_test.no_room",
                "'could not extend file \"base/1/1\": No space left on device' using errcode = '53100'");
        Order order = order(sample);
        Manifest manifest = provider().manifest(order, (Taken) provider().take(order));

        restoring(sample, "ripcord_test.no_room", () -> {
            assertThatThrownBy(() -> provider().restore(order, manifest, "one"))
                    .hasMessageContainingAll("No space left on device", "by_what_is_told")
                    .isInstanceOfSatisfying(DatabaseFailure.class, ofTheServer("53100"));
            assertThat(sample.made("shadow")).isZero();
        });

        assertThat(provider().restore(order, manifest, "one")).isInstanceOf(Restored.class);
    }

    @Test
    void a_restore_on_a_server_that_only_reads_leaves_nothing_and_is_made_when_it_writes() {
        SampleDatabase sample = sample("only-read");
        Order order = order(sample);
        Manifest manifest = provider().manifest(order, (Taken) provider().take(order));

        restoring(sample, "default_transaction_read_only", () -> {
            assertThatThrownBy(() -> provider().restore(order, manifest, "one"))
                    .hasMessageContaining("read-only transaction")
                    .isInstanceOfSatisfying(DatabaseFailure.class, ofTheServer("25006"));
            assertThat(sample.made("shadow")).isZero();
        });

        assertThat(provider().restore(order, manifest, "one")).isInstanceOf(Restored.class);
    }

    @Test
    void a_restore_that_fails_at_a_row_names_the_object_and_not_the_row() {
        SampleDatabase sample = sample("discreet");
        failing(sample, "ripcord_test.talks", "'% is no address', mail using hint = mail, detail = mail");
        Order order = order(sample);
        Manifest manifest = provider().manifest(order, (Taken) provider().take(order));

        restoring(
                sample,
                "ripcord_test.talks",
                () -> assertThat(provider().restore(order, manifest, "one"))
                        .isInstanceOfSatisfying(
                                Refusal.class,
                                refusal -> assertThat(refusal.reason())
                                        .contains(
                                                "ERROR:  (what it says may be of a row", "CREATE INDEX by_what_is_told")
                                        .doesNotContain("ada@example.org")));
    }

    @Test
    void what_fails_once_while_rights_are_restored_is_tried_again() {
        SampleDatabase sample = sample("once-more");
        // gives 1 and 2 in turn, which a transaction that fails does not take back
        sample.run("set role shop_owner; create sequence turns maxvalue 2 cycle; create function turn() returns bigint"
                + " language plpgsql as $$ declare n bigint = nextval('public.turns'); begin"
                + " if n = 1 then raise exception 'not yet'; end if; return n; end $$;"
                + " select setval('turns', 1); create materialized view in_turn as select turn()");
        Order order = order(sample);
        Manifest manifest = provider().manifest(order, (Taken) provider().take(order));

        assertThat(provider().restore(order, manifest, "one")).isInstanceOf(Restored.class);
    }

    /** Does something while a role may have so many sessions. */
    private static void limited(SampleDatabase sample, String role, int limit, Runnable done) {
        await("sessions of others")
                .until(() -> sample.value("select count(*) from pg_stat_activity where usename = '" + role + "'")
                        .equals("0"));
        sample.run("postgres", "alter role " + role + " connection limit " + limit);
        try {
            done.run();
        } finally {
            sample.run("postgres", "alter role " + role + " connection limit 20");
        }
    }

    @Test
    void a_restore_whose_session_is_ended_is_tried_again() {
        SampleDatabase sample = sample("interrupted");
        sample.run("set role shop_owner; create function slow(bigint) returns bigint immutable language plpgsql as"
                + " 'begin perform pg_sleep(case when $1 = 1 then 1 else 0 end); return $1; end';"
                + " create index on orders (slow(id))");
        Order order = order(sample);
        Manifest manifest = provider().manifest(order, (Taken) provider().take(order));
        Thread ending = Thread.ofVirtual()
                .start(() -> await().atMost(Duration.ofMinutes(1))
                        .until(() -> !sample.value(
                                        "select count(pg_terminate_backend(pid)) from pg_stat_activity"
                                                + " where datname = 'interrupted__shadow_one' and query like 'CREATE INDEX %slow(%'")
                                .equals("0")));

        assertThatThrownBy(() -> provider().restore(order, manifest, "one"))
                .hasMessageContaining("pg_restore")
                .isInstanceOf(IllegalStateException.class);

        assertThat(ending.isAlive()).isFalse();
        assertThat(provider().restore(order, manifest, "one")).isInstanceOf(Restored.class);
    }

    @Test
    void what_the_restoring_role_may_not_own_is_named_and_nothing_is_taken() {
        SampleDatabase sample = sample("superusers");
        Order order = order(sample);
        sample.run("create table one (id int); create table two (id serial); create view three as select 3;"
                + " create type four as (a int); create domain five as int; create function six() returns int"
                + " language sql as 'select 6'");

        assertThat(provider().take(order))
                .isInstanceOfSatisfying(
                        Refusal.class,
                        refusal -> assertThat(refusal.reason())
                                .startsWith("ripcord_restore may not bring back")
                                .endsWith(
                                        "function public.six(), sequence public.two_id_seq, table public.one, table public.two,"
                                                + " type public.five and 2 more"));
        assertThat(store(sample)).doesNotExist();
        sample.run(
                "alter table one owner to shop_owner; alter table two owner to shop_owner; alter view three owner to shop_owner;"
                        + " alter type four owner to shop_owner; alter domain five owner to shop_owner; alter function six() owner to shop_owner");

        assertThat(provider().take(order)).isInstanceOf(Taken.class);
    }

    @Test
    void rights_on_what_an_extension_brings_that_an_archive_would_lose_are_named_and_nothing_is_taken() {
        SampleDatabase sample = sample("revoked");
        Order order = order(sample);
        sample.run("create extension citext; revoke execute on all functions in schema public from public");

        assertThat(provider().take(order)).isInstanceOfSatisfying(Refusal.class, refusal -> {
            assertThat(refusal.reason())
                    .startsWith("ripcord_restore may not bring back rights")
                    .contains("function public.citext(boolean), ")
                    .matches(".* and \\d+ more");
            assertThat(refusal.next()).contains("PUBLIC", "clones");
        });
        assertThat(store(sample)).doesNotExist();
        sample.run("grant execute on all functions in schema public to public");

        assertThat(provider().take(order)).isInstanceOf(Taken.class);
    }

    @Test
    void a_right_that_everybody_has_on_what_an_extension_brings_keeps_no_archive_from_being_proven() {
        SampleDatabase sample = sample("granted");
        Order order = order(sample);
        sample.run("create extension citext; grant execute on all functions in schema public to shop_owner");
        Taken taken = (Taken) provider().take(order);

        assertThat(provider().restore(order, provider().manifest(order, taken), "one"))
                .isInstanceOf(Restored.class);
    }

    @Test
    void what_the_restoring_role_may_not_make_is_named_and_nothing_is_taken() {
        SampleDatabase sample = sample("unmakeable");
        Order order = order(sample);
        sample.run("create extension pageinspect; create publication everything for all tables;"
                + " create publication a_schema for tables in schema public; create function seen() returns event_trigger"
                + " language plpgsql as 'begin end'; alter function seen() owner to shop_owner;"
                + " create event trigger watch on ddl_command_end execute function seen();"
                + " create function of_the_server() returns int language internal as 'pg_backend_pid';"
                + " alter function of_the_server() owner to shop_owner;"
                + " alter default privileges in schema public grant select on tables to shop_owner;"
                + " alter publication everything owner to postgres");
        sample.run(
                "do $$ begin create role late_superuser superuser; exception when duplicate_object then null; end $$;"
                        + " alter publication a_schema owner to late_superuser");

        assertThat(provider().take(order))
                .isInstanceOfSatisfying(
                        Refusal.class,
                        refusal -> assertThat(refusal.reason())
                                .endsWith("enrolment did not see: publication a_schema, publication everything"));
        sample.run("drop publication a_schema; drop publication everything");
        assertThat(provider().take(order)).isInstanceOfSatisfying(Refusal.class, refusal -> {
            assertThat(refusal.reason())
                    .isEqualTo("ripcord_restore may not make again what only a superuser may: extension pageinspect,"
                            + " default privileges on new relations belonging to role postgres in schema public,"
                            + " event trigger watch, function public.of_the_server()");
            assertThat(refusal.next()).contains("snapshot.form: clone");
        });
        assertThat(store(sample)).doesNotExist();
        sample.run("drop extension pageinspect; drop event trigger watch; drop function of_the_server();"
                + " alter default privileges in schema public revoke select on tables from shop_owner");

        assertThat(provider().take(order)).isInstanceOf(Taken.class);
    }

    @Test
    void an_extension_that_is_not_at_the_version_that_a_restore_makes_is_named_and_nothing_is_taken() {
        SampleDatabase sample = sample("outdated");
        Order order = order(sample);
        sample.run("create extension hstore version '1.4'");

        assertThat(provider().take(order)).isInstanceOfSatisfying(Refusal.class, refusal -> {
            assertThat(refusal.reason()).endsWith(": hstore 1.4, where a restore makes 1.8");
            assertThat(refusal.next()).startsWith("ALTER EXTENSION … UPDATE").contains("clone");
        });
        assertThat(store(sample)).doesNotExist();
        sample.run("alter extension hstore update");
        Taken taken = (Taken) provider().take(order);

        assertThat(provider().restore(order, provider().manifest(order, taken), "one"))
                .isInstanceOf(Restored.class);
    }

    @Test
    void a_database_that_belongs_to_a_superuser_is_proven_where_what_is_in_it_does_not() {
        SampleDatabase sample = sample("owned-above");
        sample.run("alter schema public owner to shop_owner; alter database \"owned-above\" owner to postgres");
        DatabaseServer server = sample.server();
        Enrolment.enrol(
                VERTX,
                new Server(server.host(), server.port(), sample.name(), null, "", null, null),
                new Role(server.superuser(), new Secret(null, folder.resolve("superuser"))),
                sample.name(),
                Environment.development,
                Map.of(),
                true);
        Order order = order(sample);
        Taken taken = (Taken) provider().take(order);

        assertThat(provider().restore(order, provider().manifest(order, taken), "one"))
                .isInstanceOf(Restored.class);
    }

    @Test
    void what_fails_in_the_restore_fails_the_proof_and_is_named() {
        SampleDatabase sample = sample("unrestorable");
        Order order = order(sample);
        sample.run("set role shop_owner; create function bounded(n int) returns bool language sql as 'select n < 9'");
        sample.run("set role shop_owner; create function plausible(n int) returns bool language plpgsql as"
                + " 'begin return bounded(n); end'; create table measured (n int check (plausible(n)));"
                + " insert into measured values (1)");
        Taken taken = (Taken) provider().take(order);

        Provider.Restoration restoration = provider().restore(order, provider().manifest(order, taken), "one");

        assertThat(restoration)
                .isInstanceOfSatisfying(
                        Refusal.class,
                        refusal -> assertThat(refusal.reason())
                                .contains("pg_restore ended with status 1", "bounded")
                                .doesNotContain("only for tests"));
        assertThat(sample.made("shadow")).isZero();
    }

    @Test
    void an_index_that_an_archive_would_lack_is_named_and_nothing_is_taken() {
        SampleDatabase sample = sample("invalid");
        Order order = order(sample);
        Assertions.assertThrows(
                IllegalStateException.class,
                () -> sample.run("create unique index concurrently \"Once\" on orders (customer)"));

        assertThat(provider().take(order))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.reason()).contains("public.\"Once\""));
        assertThat(store(sample)).doesNotExist();
        sample.run("drop index \"Once\"");

        assertThat(provider().take(order)).isInstanceOf(Taken.class);
    }

    @Test
    void a_partition_that_is_half_detached_is_named_and_nothing_is_taken() {
        SampleDatabase sample = sample("half-detached");
        Order order = order(sample);
        sample.run("create table days (day int) partition by list (day);"
                + "create table \"Day 1\" partition of days for values in (1)");
        sample.run("update pg_inherits set inhdetachpending = true where inhrelid = '\"Day 1\"'::regclass");

        assertThat(provider().take(order))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.reason()).contains("public.\"Day 1\""));
        assertThat(store(sample)).doesNotExist();
    }

    @Test
    void nothing_is_left_in_the_store_after_a_snapshot_is_deleted() {
        SampleDatabase sample = sample("cleared");
        Order order = order(sample);
        provider().take(order);
        leaveUnfinished(sample, order);

        provider().delete(order, Optional.of("one"));

        assertThat(store(sample)).isEmptyDirectory();
        assertThat(sample.made("shadow")).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "encoding 'LATIN1' locale 'C'",
                "encoding 'SQL_ASCII' locale 'C'",
                "encoding 'UTF8' locale_provider icu icu_locale 'de-u-kn' locale 'C'",
                "tablespace elsewhere"
            })
    void a_shadow_has_the_encoding_the_locale_and_the_tablespace_of_its_original(String options) {
        String name = "like-" + Integer.toHexString(options.hashCode());
        SampleDatabase sample = sample(name);
        if (sample.value("select 1 from pg_tablespace where spcname = 'elsewhere'")
                .equals("none")) {
            sample.run("postgres", "alter system set allow_in_place_tablespaces = on");
            sample.run("postgres", "select pg_reload_conf()");
            await().until(() -> sample.value("show allow_in_place_tablespaces").equals("on"));
            sample.run("postgres", "create tablespace elsewhere location ''");
            sample.run("postgres", "grant create on tablespace elsewhere to public");
        }
        sample.run("postgres", "drop database \"" + name + "\"");
        sample.run("postgres", "create database \"" + name + "\" template template0 owner shop_owner " + options);
        sample.run("postgres", "grant connect on database \"" + name + "\" to ripcord_snapshot");
        sample.run(
                "ripcord_admin",
                "update ripcord.enrolment set live_oid = (select oid from pg_database where datname = database_name) where database_id = '"
                        + name + "'");
        sample.run(
                "set role shop_owner; create table words (word text primary key); insert into words values ('b10'), ('b9')");
        List<String> before = everything(sample, name);
        Order order = order(sample);
        Taken taken = (Taken) provider().take(order);

        Restored restored = (Restored) provider().restore(order, provider().manifest(order, taken), "one");

        sample.run("postgres", "alter database \"" + restored.shadow().name() + "\" with allow_connections true");
        assertThat(everything(sample, restored.shadow().name())).isEqualTo(before);
    }

    private static Path largestFile(SampleDatabase sample) throws IOException {
        try (Stream<Path> files = Files.list(store(sample).resolve("one").resolve("archive"))) {
            return files.filter(file -> !file.endsWith("toc.dat"))
                    .max(Comparator.comparingLong(file -> file.toFile().length()))
                    .orElseThrow();
        }
    }
}
