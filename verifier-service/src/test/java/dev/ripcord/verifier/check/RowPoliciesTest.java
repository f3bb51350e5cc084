package dev.ripcord.verifier.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ripcord.events.VerificationEvent.Finding;
import org.junit.jupiter.api.Test;

class RowPoliciesTest extends CheckContract {

    RowPoliciesTest() {
        super(new RowPolicies(), false);
    }

    @Test
    void a_policy_that_is_gone_is_found() {
        assertThat(after("drop policy own_rows on customer"))
                .containsExactly(new Finding("public.customer own_rows", "present", "absent"));
    }

    @Test
    void a_policy_that_lets_more_through_is_found() {
        assertThat(after("alter policy own_rows on customer using (true)"))
                .singleElement()
                .satisfies(finding -> assertThat(finding.subject()).isEqualTo("public.customer own_rows"));
    }

    @Test
    void another_policy_is_found() {
        assertThat(after("create policy all_rows on customer using (true)"))
                .containsExactly(new Finding("public.customer all_rows", "absent", "present"));
    }

    @Test
    void row_level_security_that_is_switched_off_is_found() {
        assertThat(after("alter table customer disable row level security"))
                .containsExactly(new Finding("public.customer", "row-level security on", "off"));
    }
}
