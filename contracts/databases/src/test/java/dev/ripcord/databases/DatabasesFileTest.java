package dev.ripcord.databases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ripcord.databases.EnrolledDatabase.Approval;
import dev.ripcord.databases.EnrolledDatabase.Environment;
import dev.ripcord.databases.EnrolledDatabase.Tls;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatabasesFileTest {

    private static final String EXAMPLE = SqlResource.read("example.yaml");

    @TempDir
    private Path folder;

    private Path file = Path.of("databases.yaml");

    @BeforeEach
    void place() {
        file = folder.resolve("databases.yaml");
    }

    @Test
    void the_example_is_read_as_it_stands() throws IOException {
        Databases read = read(EXAMPLE);
        EnrolledDatabase shop = read.find("shop").orElseThrow();
        assertThat(shop.server().tls()).isEqualTo(Tls.verifyFull);
        assertThat(shop.roles().rollback().password().file()).hasToString("/run/secrets/shop-rollback");
        assertThat(shop.snapshot().retention()).isEqualTo(Duration.ofHours(72));
        assertThat(shop.snapshot().limit()).isEqualTo(Duration.ofMinutes(30));
        assertThat(shop.rollback().fenceLimit()).isEqualTo(Duration.ofSeconds(3));
        assertThat(shop.checks().http().getFirst().withinSeconds()).isEqualTo(30);
        assertThat(shop.checks().sql().getFirst().expect()).isEqualTo("0");
        assertThat(shop.hooks().restart()).hasToString("https://deploy.example.org/shop/restart");
        assertThat(shop.routes()).containsExactly(Route.to("oncall"), Route.to("warehouse"));
        assertThat(shop.decision().rules().getFirst().get("name")).isEqualTo("orders-are-money");
        assertThat(shop.decision().rules()).hasSize(2);
        assertThat(read.channel("warehouse").orElseThrow().kind()).isEqualTo("webhook");
        assertThat(read.find("bank")).isEmpty();
    }

    @Test
    void every_kind_of_channel_is_read_with_what_is_left_out() throws IOException {
        Databases read = read(EXAMPLE.replace("routes:  ", """
                  - { id: inner, kind: cachet, token: { env: A }, address: https://status.example/api, components: { shop: [3] } }
                  - { id: outer, kind: instatus, token: { env: A }, page: p1 }

                routes:  """));
        assertThat(read.channels())
                .extracting(Channel::kind)
                .containsExactly(
                        "slack",
                        "webhook",
                        "slackBot",
                        "statuspage",
                        "pagerduty",
                        "teams",
                        "mail",
                        "cachet",
                        "instatus");
        assertThat(read.channel("releases").orElseThrow())
                .isEqualTo(new Channel.SlackBot(
                        "releases",
                        new Secret("SLACK_BOT_TOKEN", null),
                        "C0123456789",
                        URI.create("https://slack.com/api")));
        assertThat(read.channel("inner").orElseThrow())
                .isInstanceOfSatisfying(
                        Channel.Cachet.class,
                        cachet -> assertThat(cachet.componentsOf("shop")).containsExactly("3"));
        assertThat(read.channel("owners").orElseThrow()).isInstanceOfSatisfying(Channel.Mail.class, mail -> {
            assertThat(mail.tls()).isEqualTo(Channel.MailTls.starttls);
            assertThat(mail.port()).isEqualTo(587);
        });
    }

    @Test
    void a_database_is_heard_of_by_its_own_routes_and_by_those_of_all() throws IOException {
        Databases read = read(EXAMPLE);
        assertThat(read.routesOf(read.find("shop").orElseThrow()))
                .extracting(Route::channel)
                .containsExactly("oncall", "warehouse", "releases", "public", "duty", "owners");
        Route duty = read.routes().get(2);
        assertThat(duty.fits(Environment.production, "alarm")).isTrue();
        assertThat(duty.fits(Environment.production, "news")).isFalse();
        assertThat(duty.fits(Environment.staging, "alarm")).isFalse();
        assertThat(Route.to("x").fits(Environment.development, "news")).isTrue();
    }

    /** Line, field and message after one piece of the channels or the routes of all was replaced. */
    @ParameterizedTest(name = "{4}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "    channel: C0123456789 | `` | 98 | channels.2 | required property 'channel' not found",
                "channel: C0123456789 | channel: releases | 101 | channels.2.channel | does not match the regex pattern",
                "kind: slackBot | kind: slack | 98 | channels.2 | required property 'url' not found",
                "kind: slackBot | kind: slak | 99 | channels.2.kind | does not have a value in the enumeration",
                "    page: kctbh9vrtdwd | `` | 102 | channels.3 | required property 'page' not found",
                "components: { shop: | components: { shoop: | 106 | channels.3.components.shoop | there is no database shoop",
                "{ env: PAGERDUTY_ROUTING_KEY } | 0123456789abcdef | 109 | channels.4.routingKey | string found, object expected",
                "    password: { env: SMTP_PASSWORD } | `` | 113 | channels.6 | missing property 'password'",
                "from: ripcord@example.org | from: ripcord | 118 | channels.6.from | does not match the regex pattern",
                "to: [shop@example.org] | to: shop@example.org | 119 | channels.6.to | string found, array expected",
                "id: duty | id: oncall | 107 | channels.4.id | oncall is there twice",
                "channel: public | channel: pager | 124 | routes.1 | there is no channel pager",
                "tones: [alarm, good] | tones: [loud] | 128 | routes.2.tones.0 | does not have a value in the enumeration",
                "events: [rollback.completed, rollback.failed] | events: [rollback.finished] | 130 | routes.3.events.0 | does not have a value in the enumeration",
                "events: [rollback.completed, rollback.failed] | event: rollback.failed | 130 | routes.3.event | property 'event' is not defined in the schema",
            })
    void a_mistake_in_a_channel_is_named_with_file_line_and_field(
            String good, String bad, int line, String field, String message) throws IOException {
        assertThat(EXAMPLE).contains(good);
        assertRefused(EXAMPLE.replace(good, bad), line, field, message);
    }

    @Test
    void what_is_left_out_has_its_default() throws IOException {
        EnrolledDatabase test = read(EXAMPLE).find("shop-test").orElseThrow();
        assertThat(test.server().port()).isEqualTo(5432);
        assertThat(test.server().adminDatabase()).isEqualTo("ripcord_admin");
        assertThat(test.server().tls()).isEqualTo(Tls.disable);
        assertThat(test.snapshot().retention()).isEqualTo(Duration.ofHours(24));
        assertThat(test.snapshot().limit()).isEqualTo(Duration.ofHours(1));
        assertThat(test.rollback().fenceLimit()).isEqualTo(Duration.ofSeconds(2));
        assertThat(test.approval()).isEqualTo(Approval.automatic);
        assertThat(test.checks().http()).isEmpty();
        assertThat(test.routes()).isEmpty();
        assertThat(test.decision().rules()).isEmpty();
    }

    /** Line, field and message after one piece of the example was replaced. */
    @ParameterizedTest(name = "{4}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "tls: verify-full | tsl: verify-full | 11 | databases.0.server.tsl | property 'tsl' is not defined in the schema",
                "      ca: /etc/ripcord/ca.pem | `` | 5 | databases.0.server | required property 'ca' not found",
                "hooks:           | hocks:           | 28 | databases.0.hocks      | property 'hocks' is not defined in the schema",
                "port: 5432       | port: '5432'     | 7 | databases.0.server.port | string found, integer expected",
                "port: 5432       | port: 70000      | 7 | databases.0.server.port | must have a maximum value of 65535",
                "retentionHours: 72 | retentionHours: 2 | 22 | databases.0.snapshot.retentionHours | must have a minimum value of 24",
                "environment: production | environment: prod | 4 | databases.0.environment | does not have a value in the enumeration",
                "form: archive    | form: dump       | 20 | databases.0.snapshot.form | does not have a value in the enumeration",
                "- id: shop       | - name: x        | 3  | databases.0            | required property 'id' not found",
                "      store: /var/lib/ripcord/archives | `` | 19 | databases.0.snapshot | required property 'store' not found",
                "host: localhost, | ``               | 83 | databases.1.server     | required property 'host' not found",
                "id: shop-test    | id: shop         | 81 | databases.1.id         | shop is there twice",
                "id: shop-test    | id: Shop_Test    | 81 | databases.1.id         | does not match the regex pattern",
                "marker: 0d9fb1f6 | marker: 0d9fb1f  | 10 | databases.0.server.marker | does not match the regex pattern",
                "approval: word   | approval: automatic | 25 | databases.0.rollback.approval | production needs the approval word",
                "      restore: { user: ripcord_restore, password: { env: SHOP_RESTORE_PASSWORD } } | `` | 13 | databases.0.roles | the archive form needs the role restore",
                "routes: [oncall, | routes: [pager,  | 54 | databases.0.routes.0   | there is no channel pager",
                "adminDatabase: ripcord_admin | adminDatabase: shop | 9 | databases.0.server.adminDatabase | the admin database cannot be one that is swapped itself",
                "host: localhost, database: shop_test | host: pg.example.org, database: shop | 83 | databases.1.server.database | this database is enrolled twice",
                "{ env: SHOP_SNAPSHOT_PASSWORD } | hunter2 | 14 | databases.0.roles.snapshot.password | string found, object expected",
                "{ env: SHOP_SNAPSHOT_PASSWORD } | { value: hunter2 } | 14 | databases.0.roles.snapshot.password.value | property 'value' is not defined in the schema",
                "{ env: SHOP_SNAPSHOT_PASSWORD } | { env: A, file: B } | 14 | databases.0.roles.snapshot.password | must have at most 1 properties",
                "{ env: SLACK_WEBHOOK } | https://hooks.slack.example/hunter2 | 93 | channels.0.url | string found, object expected",
                "    signingKey: { env: WAREHOUSE_SIGNING_KEY } | `` | 94 | channels.1 | required property 'signingKey' not found",
                "approval: word   | `approval: word\n      approval: automatic` | 26 | databases.0.rollback.approval | stands here twice",
                "freeze: false    | frozen: false    | 70 | databases.0.decision.rules.0.when.frozen | property 'frozen' is not defined in the schema",
                "overridable: true | overrideable: true | 75 | databases.0.decision.rules.0.then.overrideable | property 'overrideable' is not defined in the schema",
                "methods: [partial, full] | methods: [partial, fill] | 76 | databases.0.decision.rules.0.then.methods.1 | does not have a value in the enumeration",
                "watchFor: PT1H   | watchFor: 1h     | 79 | databases.0.decision.rules.1.then.watchFor | does not match the regex pattern",
                "maintenanceOn: https: | maintenanceOn: ftp: | 29 | databases.0.hooks.maintenanceOn | does not match the regex pattern",
                "https://shop.example.org/maintenance/off | http://shop_app:8080/off | 30 | databases.0.hooks.maintenanceOff | it has no host that can be called",
                "https://shop.example.org/health | http://shop_app:8080/health | 38 | databases.0.checks.http.0.url | the address of shop answers has no host that can be called",
                "https://prometheus.example.org | http://prom_1:9090 | 47 | databases.0.checks.promql.0.prometheus | the address of errors of the shop has no host",
                "https://argocd.example.org | https://argo_cd | 53 | databases.0.delivery.hold.server | no underscore",
            })
    void a_mistake_is_named_with_file_line_and_field(String good, String bad, int line, String field, String message)
            throws IOException {
        assertThat(EXAMPLE).contains(good);
        assertRefused(EXAMPLE.replace(good, bad), line, field, message);
    }

    /** Line, field and message where lines are added after the entry's routes. */
    @ParameterizedTest(name = "{3}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`    rebuild: {seeds: /srv/seeds}` | 55 | databases.0.rebuild | required property 'baseline' not found",
                "`    rebuild: {baseline: ''}` | 55 | databases.0.rebuild.baseline | must be at least 1 characters long",
                "`    rebuild: {baseline: /srv, seed: /srv}` | 55 | databases.0.rebuild.seed | property 'seed' is not defined in the schema",
                "`    secondServer: {server: {host: pg2, database: shop, marker: 5a2e4c1c-7a39-4b0e-8f68-6a3b3f1f2b22}}` | 55 | databases.0.secondServer | required property 'roles' not found",
            })
    void a_mistake_in_the_ways_back_is_named_with_file_line_and_field(
            String added, int line, String field, String message) throws IOException {
        assertRefused(EXAMPLE.replace("warehouse]\n", "warehouse]\n" + added + "\n"), line, field, message);
    }

    @Test
    void building_anew_needs_the_role_that_restores() throws IOException {
        String rebuild = "    rebuild: { baseline: /srv/shop/baseline, seeds: /srv/shop/seeds }\n";
        EnrolledDatabase shop = read(EXAMPLE.replace("warehouse]\n", "warehouse]\n" + rebuild))
                .find("shop")
                .orElseThrow();
        assertThat(shop.rebuild())
                .isEqualTo(new EnrolledDatabase.Rebuild(Path.of("/srv/shop/baseline"), Path.of("/srv/shop/seeds")));
        assertRefused(
                EXAMPLE.replace("endSessions: true }\n", "endSessions: true }\n" + rebuild),
                84,
                "databases.1.roles",
                "rebuild needs the role restore");
    }

    @Test
    void a_name_that_is_too_long_in_bytes_is_refused_although_its_characters_would_fit() throws IOException {
        String name = "ü".repeat(32);
        assertRefused(
                EXAMPLE.replace("database: shop_test", "database: " + name),
                83,
                "databases.1.server.database",
                "the name has 64 bytes, PostgreSQL keeps 63");
        assertThat(read(EXAMPLE.replace("database: shop_test", "database: x" + name.substring(1)))
                        .databases())
                .hasSize(2);
    }

    @Test
    void two_databases_whose_made_names_could_not_be_told_apart_are_refused() throws IOException {
        String stem = "an_unusually_long_name_of_a_database_";
        String both = EXAMPLE.replace(
                        "host: localhost, database: shop_test", "host: pg.example.org, database: " + stem + "b")
                .replace("      database: shop\n", "      database: " + stem + "a\n");
        assertRefused(
                both,
                83,
                "databases.1.server.database",
                "another database on this server begins with the same 36 bytes");
    }

    @Test
    void every_mistake_is_told_at_once() {
        assertThatThrownBy(
                        () -> read(EXAMPLE.replace("port: 5432", "port: 0").replace("tls: verify-full", "tls: maybe")))
                .message()
                .hasLineCount(2);
    }

    @Test
    void no_secret_stands_in_a_message() {
        for (String where : new String[] {"{ env: SHOP_SNAPSHOT_PASSWORD }", "{ env: SLACK_WEBHOOK }"}) {
            for (String inline : new String[] {"hunter2", "{ value: hunter2 }", "[hunter2]", "{ env: [hunter2] }"}) {
                assertThatThrownBy(() -> read(EXAMPLE.replace(where, inline)))
                        .isInstanceOf(InvalidDatabasesException.class)
                        .message()
                        .doesNotContain("hunter2");
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`databases: [`              | 1 | not valid YAML",
                "`databases:\n  - id: a\n b: c` | 3 | not valid YAML",
                "`a: b\n---\nc: d`           | 2 | not valid YAML",
                "`databases: &x\n  - *y`     | 2 | not valid YAML",
                "`\t`                        | 1 | not valid YAML",
                "``                          | 1 | the file: null found, object expected",
                "`# nothing`                 | 1 | the file: null found, object expected",
                "`- a`                       | 1 | the file: array found, object expected",
                "`just words`                | 1 | the file: string found, object expected",
                "`databases:`                | 1 | databases: null found, array expected",
                "`databases: []\n<<: {}`     | 2 | <<: property '<<' is not defined",
                "`databases: []\na/b~c: 1`   | 2 | a/b~c: property 'a/b~c' is not defined",
            })
    void a_file_that_is_something_else_is_refused(String text, int line, String message) {
        assertThatThrownBy(() -> read(text == null ? "" : text))
                .isInstanceOf(InvalidDatabasesException.class)
                .message()
                .contains(file + ":" + line + ": ")
                .contains(message);
    }

    @Test
    void bytes_that_are_no_text_are_refused() throws IOException {
        Files.write(file, new byte[] {(byte) 0xFF, (byte) 0xFE, 0});
        assertThatThrownBy(() -> Databases.read(file))
                .isInstanceOf(InvalidDatabasesException.class)
                .hasMessageStartingWith(file + ": cannot be read");
        Files.write(file, "a: \u0007".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> Databases.read(file))
                .isInstanceOf(InvalidDatabasesException.class)
                .hasMessageStartingWith(file + ": not valid YAML");
    }

    @Test
    void a_missing_file_is_named_and_so_is_the_setting() {
        assertThatThrownBy(() -> Databases.read(file))
                .isInstanceOf(InvalidDatabasesException.class)
                .hasMessageContaining(file + ": cannot be read")
                .hasMessageContaining("ripcord.databases");
    }

    @Test
    void a_secret_that_is_not_there_is_named() throws IOException {
        assertThatThrownBy(() -> new Secret("RIPCORD_NO_SUCH_VARIABLE", null).resolve())
                .hasMessage("Environment variable RIPCORD_NO_SUCH_VARIABLE is not set");
        assertThatThrownBy(() -> new Secret(null, file).resolve()).hasMessageContaining(file.toString());
        Files.writeString(file, "hunter2\n");
        assertThat(new Secret(null, file).resolve()).isEqualTo("hunter2");
        assertThat(new Secret(null, file)).asString().doesNotContain("hunter2");
    }

    private void assertRefused(String text, int line, String field, String message) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(InvalidDatabasesException.class)
                .message()
                .contains(file + ":" + line + ": " + field + ": ")
                .contains(message);
    }

    private Databases read(String text) throws IOException {
        Files.writeString(file, text);
        return Databases.read(file);
    }
}
