package dev.ripcord.verifier.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ripcord.events.VerificationEvent.Finding;
import org.junit.jupiter.api.Test;

class ValidConstraintsTest extends CheckContract {

    ValidConstraintsTest() {
        super(new ValidConstraints(), false);
    }

    @Test
    void a_constraint_that_is_gone_is_found() {
        assertThat(after("alter table customer drop constraint born_after_1900"))
                .containsExactly(new Finding("public.customer born_after_1900", "present", "absent"));
    }

    @Test
    void a_constraint_that_came_back_without_being_validated_is_found() {
        assertThat(after(
                        "alter table customer drop constraint born_after_1900",
                        "alter table customer add constraint born_after_1900 check (born > '1900-01-01') not valid"))
                .containsExactly(
                        new Finding("public.customer born_after_1900", "validated and enforced", "not validated"));
    }

    @Test
    void a_foreign_key_whose_triggers_are_switched_off_is_found() {
        assertThat(after("alter table order_line disable trigger all"))
                .contains(new Finding(
                        "public.order_line order_line_product_fkey",
                        "validated and enforced",
                        "its triggers are switched off"));
    }
}
