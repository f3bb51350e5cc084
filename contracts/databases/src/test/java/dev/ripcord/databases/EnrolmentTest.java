package dev.ripcord.databases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ripcord.databases.AdminSession.Command;
import java.sql.SQLException;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** What enrolling leaves on a server, and which database is the enrolled one. */
@ParameterizedClass
@ValueSource(ints = {18, 15})
class EnrolmentTest {

    private final ProtectedServer server;

    EnrolmentTest(int major) {
        server = ProtectedServer.ofMajor(major);
    }

    @Test
    void enrolling_again_changes_nothing() throws SQLException {
        EnrolledDatabase shop = server.shop();
        Identity before = identify(shop);
        server.shadow(shop, "a1");
        String acts = server.ask("ripcord_admin", "select count(*) from ripcord.act");
        String marker = server.enrol(shop.id(), shop.server().database(), Map.of("ripcord_verifier", "secret"));
        assertThat(marker).isEqualTo(shop.server().marker());
        assertThat(identify(shop)).isEqualTo(before);
        assertThat(server.ask("ripcord_admin", "select count(*) from ripcord.act"))
                .isEqualTo(acts);
        assertThat(
                        server.ask(
                                "ripcord_admin",
                                "select string_agg(p.proname, ' ') from pg_proc p where pronamespace = 'ripcord'::regnamespace"
                                        + " and (pg_get_userbyid(proowner) <> 'ripcord_owner' or has_function_privilege('public', p.oid, 'execute'))"))
                .as("functions that belong to somebody else, or are open to everybody")
                .isEqualTo("null");
    }

    @Test
    void a_database_whose_transactions_only_read_by_themselves_can_be_enrolled() throws SQLException {
        EnrolledDatabase shop = server.shop();
        String name = shop.server().database();
        server.execute("postgres", "alter database \"" + name + "\" set default_transaction_read_only = on");
        assertThat(server.enrolled(name)).isNotNull();
    }

    @Test
    void enrolling_while_the_database_is_held_closed_keeps_the_hold() throws SQLException {
        EnrolledDatabase shop = server.shop();
        try (AdminSession admin = server.rollback(shop)) {
            Command command = new Command("r1", 1);
            admin.close(command, identify(shop), false);
            assertThatThrownBy(() -> server.enrolled(shop.server().database())).isInstanceOf(DatabaseFailure.class);
            assertThat(server.ask(
                            "ripcord_admin",
                            "select command from ripcord.hold where database_id = '" + shop.id() + "'"))
                    .isEqualTo("r1");
            admin.open(command, identify(shop));
        }
    }

    @Test
    void one_database_has_one_enrolment_and_two_do_not_share_the_names_made_for_them() throws SQLException {
        EnrolledDatabase shop = server.shop();
        String rename = "update ripcord.enrolment set database_id = 'another' where database_id = '" + shop.id() + "'";
        assertThatThrownBy(() -> server.enrol("another", shop.server().database(), Map.of()))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("is enrolled on this server as " + shop.id())
                .hasMessageContaining(rename);
        server.execute("ripcord_admin", rename);
        assertThat(server.enrol("another", shop.server().database(), Map.of()))
                .isEqualTo(shop.server().marker());
        server.execute("ripcord_admin", "delete from ripcord.enrolment where database_id = 'another'");
        String stem =
                "an_unusually_long_name_of_a_database_" + server.postgres().major();
        server.shop(stem + "a");
        assertThatThrownBy(() -> server.shop(stem + "b"))
                .isInstanceOf(DatabaseFailure.class)
                .hasMessageContaining("names_made_for_two_databases_differ");
    }

    @Test
    void another_database_than_the_enrolled_one_is_refused() throws SQLException {
        EnrolledDatabase shop = server.shop();
        String name = shop.server().database();
        assertRefused(server.entry(shop.id(), name, UUID.randomUUID().toString()), "restart the services");
        assertRefused(server.entry(shop.id(), "another", shop.server().marker()), "Wrong database name");
        assertRefused(server.entry("nobody", name, shop.server().marker()), "is not enrolled");
        server.execute(
                "ripcord_admin",
                "update ripcord.enrolment set environment = 'production' where database_id = '" + shop.id() + "'");
        assertRefused(shop, "Wrong environment");
        server.enrolled(name);
        server.execute(
                "ripcord_admin",
                "update ripcord.enrolment set server_port = 1 where database_id = '" + shop.id() + "'");
        assertRefused(shop, "databases.yaml, then restart the services");
        try (AdminSession admin = server.rollback(shop)) {
            Identity believed = new Identity(
                    server.ask("postgres", "select system_identifier from pg_control_system()"),
                    shop.server().marker(),
                    server.oid(name),
                    1);
            assertThat(failure(() -> admin.close(new Command("r1", 1), believed, false)))
                    .hasMessageContaining("address mismatch");
        }
        assertThat(server.enrol(shop.id(), name, Map.of()))
                .as("a copy is enrolled as something new")
                .isNotEqualTo(shop.server().marker());
        server.execute("postgres", "drop database " + name);
        assertRefused(
                server.entry(
                        shop.id(),
                        name,
                        server.ask(
                                "ripcord_admin",
                                "select marker from ripcord.enrolment where database_id = '" + shop.id() + "'")),
                "There is no database " + name);
    }

    private static DatabaseFailure failure(Runnable act) {
        DatabaseFailure failure = catchThrowableOfType(DatabaseFailure.class, act::run);
        assertThat(failure).as("it should have failed").isNotNull();
        return failure;
    }

    private void assertRefused(EnrolledDatabase database, String reason) {
        assertThatThrownBy(() -> identify(database))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining(reason);
    }

    private Identity identify(EnrolledDatabase database) {
        try (AdminSession admin = server.rollback(database)) {
            return admin.identify();
        }
    }
}
