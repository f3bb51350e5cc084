package dev.ripcord.verifier.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ripcord.events.Manifest;
import dev.ripcord.events.VerificationEvent.Finding;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ForeignKeysTest extends CheckContract {

    private static final String UNCHECKED = "set session_replication_role = replica; ";

    ForeignKeysTest() {
        super(new ForeignKeys(), false);
    }

    @ParameterizedTest(name = "{0} is found in {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            delete from customer where id = 7                    | public.orders orders_customer_fkey               | 2 rows have none
            delete from category where id = 1                    | public.category category_parent_fkey             | 1 row has none
            update order_line set product = 99 where orders = 1  | public.order_line order_line_product_fkey        | 3 rows have none
            update delivery set line = 99 where id = 1           | public.delivery delivery_orders_line_fkey        | 1 row has none
            update invoice set line = 99 where id = 1            | public.invoice invoice_orders_line_fkey          | 1 row has none
            update invoice set line = null where id = 1          | public.invoice invoice_orders_line_fkey          | 1 row has none
            update newsletter set email = 'nobody@example.com' where email is not null | public.newsletter newsletter_email_fkey | 1 row has none
            update event set orders = 9999 where id in (1, 199)  | public.event event_orders_fkey                   | 2 rows have none
            delete from event where id = 150                     | public.event_detail event_detail_id_at_fkey      | 1 row has none
            """)
    void an_orphan_is_found(String change, String subject, String found) {
        assertThat(after(UNCHECKED + change)).anySatisfy(finding -> {
            assertThat(finding.subject()).isEqualTo(subject);
            assertThat(finding.found()).isEqualTo(found);
        });
    }

    @Test
    void a_key_that_refers_to_nothing_by_a_null_is_no_orphan() {
        assertThat(after(UNCHECKED + "update delivery set line = null")).isEmpty();
    }

    @Test
    void temporary_tables_of_others_are_not_looked_into() throws SQLException {
        try (Connection other = session();
                Statement statement = other.createStatement()) {
            statement.execute(
                    "create temporary table parent (id int primary key);"
                            + " create temporary table child (id int references parent); insert into parent values (1); insert into child values (1)");
            assertThat(after("select 1")).isEmpty();
        }
    }

    @Test
    void validating_again_does_not_hide_an_orphan() {
        assertThat(after(
                        UNCHECKED + "delete from customer where id = 7",
                        "alter table orders validate constraint orders_customer_fkey"))
                .isNotEmpty();
    }

    @Test
    void what_was_an_orphan_in_the_snapshot_is_none_of_the_rollback() {
        Manifest before = manifestAfter(UNCHECKED + "delete from customer where id = 7");

        assertThat(after(before, UNCHECKED + "delete from customer where id = 7"))
                .isEmpty();
        assertThat(after(
                        before,
                        UNCHECKED + "delete from customer where id = 7",
                        UNCHECKED + "delete from customer where id = 8",
                        UNCHECKED + "update delivery set line = 99 where id = 1"))
                .containsExactlyInAnyOrder(
                        new Finding(
                                "public.orders orders_customer_fkey",
                                "each row has its row in public.customer, but for 2 as before",
                                "4 rows have none"),
                        new Finding(
                                "public.delivery delivery_orders_line_fkey",
                                "each row has its row in public.order_line",
                                "1 row has none"));
    }
}
