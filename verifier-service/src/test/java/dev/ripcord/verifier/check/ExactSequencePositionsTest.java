package dev.ripcord.verifier.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ripcord.events.VerificationEvent.Finding;
import org.junit.jupiter.api.Test;

class ExactSequencePositionsTest extends CheckContract {

    ExactSequencePositionsTest() {
        super(new SequencePositions(), true);
    }

    @Test
    void a_sequence_that_went_on_although_nobody_could_write_is_found() {
        assertThat(after("select nextval('orders_id_seq')"))
                .containsExactly(new Finding("public.orders_id_seq", "at 200", "at 201"));
    }
}
