package dev.ripcord.verifier.check;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContentEqualityTest extends CheckContract {

    ContentEqualityTest() {
        super(new ContentEquality(), true);
    }

    @ParameterizedTest(name = "{0} is found in {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            delete from newsletter where email is null                                 | public.newsletter
            insert into newsletter values ('c2@example.com')                           | public.newsletter
            insert into newsletter values (null)                                       | public.newsletter
            update customer set name = replace(name, 'r 7', 'r_7') where id = 7        | public.customer
            update customer set email = upper(email::text)::citext where id = 7        | public.customer
            update customer set settings = '{"a": null}' where id = 7                  | public.customer
            update orders set note = null where id = 7                                 | public.orders
            update product set price = price + 0.01 where id = 7                       | public.product
            update stock.item i set many = 51 - i.many where i.product in (1, 50)      | stock.item
            update event set orders = 1 where id = 199                                 | public.event_2026
            truncate event_detail                                                      | public.event_detail
            select lo_put(oid, 4, '\\x06') from pg_largeobject_metadata              | large objects
            update order_line set amount = 9 where line = 1 and orders = 1; refresh materialized view turnover | public.turnover
            """)
    void a_change_of_one_row_is_found(String change, String subject) {
        assertThat(after(change))
                .anySatisfy(finding -> assertThat(finding.subject()).isEqualTo(subject));
    }
}
