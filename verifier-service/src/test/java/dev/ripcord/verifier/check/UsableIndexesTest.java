package dev.ripcord.verifier.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ripcord.events.VerificationEvent.Finding;
import org.junit.jupiter.api.Test;

class UsableIndexesTest extends CheckContract {

    UsableIndexesTest() {
        super(new UsableIndexes(), false);
    }

    @Test
    void an_index_that_is_gone_is_found() {
        assertThat(after("drop index orders_by_customer"))
                .containsExactly(new Finding("public.orders_by_customer", "present", "absent"));
    }

    @Test
    void an_index_that_could_not_be_built_is_found() {
        assertThat(after("update pg_index set indisvalid = false where indexrelid = 'orders_by_customer'::regclass"))
                .containsExactly(new Finding("public.orders_by_customer", "usable", "invalid"));
        assertThat(after("update pg_index set indisready = false where indexrelid = 'orders_by_customer'::regclass"))
                .containsExactly(new Finding("public.orders_by_customer", "usable", "not ready"));
    }
}
