package dev.ripcord.verifier.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ripcord.databases.EnrolledDatabase.Checks;
import dev.ripcord.databases.EnrolledDatabase.SqlCheck;
import dev.ripcord.events.VerificationEvent.Finding;
import dev.ripcord.verifier.verification.NotAllAnswered;
import java.util.List;
import org.junit.jupiter.api.Test;

class SmokeQueriesTest extends CheckContract {

    SmokeQueriesTest() {
        super(new SmokeQueries(), false);
    }

    @Test
    void a_query_that_returns_the_expected_value_passes_whatever_its_type() {
        assertThat(ask("select count(*) from public.orders;", "200")).isEmpty();
        assertThat(ask("select max(price) from public.product", "5.00")).isEmpty();
        assertThat(ask("select true", "true")).isEmpty();
        assertThat(ask("with c as (select 1) select * from c -- a remark", "1")).isEmpty();
    }

    @Test
    void another_value_is_found() {
        assertThat(ask("select count(*) from public.orders", "201"))
                .containsExactly(new Finding("smoke", "201", "200"));
        assertThat(ask("select null::text", "")).containsExactly(new Finding("smoke", "", "null"));
        assertThat(ask("select 1 where false", "1")).containsExactly(new Finding("smoke", "1", "no row"));
        assertThat(ask("select id from public.orders", "1"))
                .containsExactly(new Finding("smoke", "1", "more than one row"));
    }

    @Test
    void a_table_that_is_gone_is_found_and_the_next_query_is_asked() {
        SqlCheck gone = new SqlCheck("gone", "select count(*) from public.nowhere", "1");
        SqlCheck wrong = new SqlCheck("wrong", "select 1", "2");
        assertThat(findings(new Checks(null, List.of(gone, wrong), null)))
                .satisfiesExactly(
                        finding -> assertThat(finding.found()).contains("relation \"public.nowhere\" does not exist"),
                        finding -> assertThat(finding.found()).isEqualTo("1"));
    }

    @Test
    void a_query_that_would_write_does_not() {
        assertThatThrownBy(() -> ask("select nextval('public.orders_id_seq')", "201"))
                .isInstanceOf(NotAllAnswered.class);
        assertThat(ask("select last_value from public.orders_id_seq", "200")).isEmpty();
    }

    @Test
    void what_the_verifier_may_not_ask_says_nothing_and_keeps_nothing_else_from_being_asked() {
        SqlCheck forbidden = new SqlCheck("version", "select pg_read_file('PG_VERSION')", "18");
        SqlCheck wrong = new SqlCheck("wrong", "select 1", "2");
        assertThatThrownBy(() -> findings(new Checks(null, List.of(forbidden, wrong), null)))
                .isInstanceOfSatisfying(NotAllAnswered.class, some -> {
                    assertThat(some.findings()).containsExactly(new Finding("wrong", "2", "1"));
                    assertThat(some.unknown()).singleElement().satisfies(unknown -> {
                        assertThat(unknown.subject()).isEqualTo("version");
                        assertThat(unknown.found()).contains("permission denied");
                    });
                });
    }

    private List<Finding> ask(String query, String expect) {
        return findings(new Checks(null, List.of(new SqlCheck("smoke", query, expect)), null));
    }
}
