package dev.ripcord.verifier.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ripcord.events.VerificationEvent.Finding;
import org.junit.jupiter.api.Test;

class SequencePositionsTest extends CheckContract {

    SequencePositionsTest() {
        super(new SequencePositions(), false);
    }

    @Test
    void a_sequence_that_was_lowered_is_found() {
        assertThat(after("select setval('orders_id_seq', 199)"))
                .containsExactly(new Finding("public.orders_id_seq", "at 200 or further", "at 199"));
    }

    @Test
    void a_sequence_that_starts_anew_is_found() {
        assertThat(after("alter sequence customer_id_seq restart"))
                .containsExactly(new Finding("public.customer_id_seq", "at 100 or further", "no number given out"));
    }

    @Test
    void a_sequence_that_counts_downwards_is_held_the_other_way_round() {
        assertThat(after("select setval('stock.shelf', -4)"))
                .containsExactly(new Finding("stock.shelf", "at -5 or further", "at -4"));
        assertThat(after("select setval('stock.shelf', -6)")).isEmpty();
    }

    @Test
    void a_sequence_that_went_on_is_what_it_should_be() {
        assertThat(after("select setval('orders_id_seq', 10000)")).isEmpty();
    }

    @Test
    void a_sequence_that_is_gone_is_found() {
        assertThat(after("drop sequence stock.shelf"))
                .containsExactly(new Finding("stock.shelf", "at -5 or further", "absent"));
    }
}
