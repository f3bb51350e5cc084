package dev.ripcord.databases;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An expression and what a restore makes of its text are one. */
class DeparsedTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "(s)::text = ANY (ARRAY['new'::character varying, 'paid'::character varying]::text[])"
                        + " | (s)::text = ANY (ARRAY['new'::character varying::text, 'paid'::character varying::text])",
                "ARRAY['a]'::character varying(20), 'it''s, [x'::character varying(20)]::text[] <> x"
                        + " | ARRAY[('a]'::character varying(20))::text, ('it''s, [x'::character varying(20))::text] <> x",
                "n = ANY (ARRAY[1, a + b, f(c, d)]::numeric[])"
                        + " | n = ANY (ARRAY[1::numeric, (a + b)::numeric, f(c, d)::numeric])",
                "ARRAY[ARRAY['a'::bpchar], ARRAY['b'::bpchar]]::character varying[]"
                        + " | ARRAY[ARRAY['a'::bpchar::character varying], ARRAY['b'::bpchar::character varying]]",
                "ARRAY[x[1], y]::public.mood[] | ARRAY[x[1]::public.mood, y::public.mood]",
                "ARRAY[CASE WHEN a THEN 'x'::bpchar ELSE b END, (c AT TIME ZONE 'utc'::text)]::text[]"
                        + " | ARRAY[CASE WHEN a THEN 'x'::bpchar ELSE b END::text, (c AT TIME ZONE 'utc'::text)::text]",
                "(EXISTS ( SELECT NULL::text FROM t)) OR x IN ( SELECT '-1'::integer)"
                        + " | (EXISTS ( SELECT NULL::text AS text FROM t)) OR x IN ( SELECT '-1'::integer AS int4)",
                "SELECT '-1.5'::numeric | SELECT '-1.5'::numeric AS \"\"numeric\"\"",
                "SELECT 'a'::character varying(9), b | SELECT 'a'::character varying(9) AS \"varchar\", b",
                "a = ANY (ARRAY[1]::bigint[]) AND b = ANY (ARRAY[2]::bigint[])"
                        + " | a = ANY (ARRAY[1::bigint]) AND b = ANY (ARRAY[2::bigint])"
            })
    void a_cast_of_an_array_is_a_cast_of_its_elements(String original, String restored) {
        assertThat(Deparsed.settled(original)).isEqualTo(Deparsed.settled(restored));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "ARRAY['a'::text, 'b'::text] | ARRAY['a'::text, 'c'::text]",
                "ARRAY['a'::character varying]::text[] | ARRAY['a'::character varying]::public.citext[]",
                "ARRAY['a', 'b'] | ARRAY['a, b']",
                "ARRAY[(n + 1) * 2, 0] | ARRAY[n + 1 * 2, 0]",
                "ARRAY[(n + 1) * 2, 0]::bigint[] | ARRAY[n + 1 * 2, 0]::bigint[]",
                "ARRAY[(price * qty)::numeric(10,2), 0] | ARRAY[price * qty::numeric(10,2), 0]",
                "ARRAY[(x - y)::smallint::text, x] | ARRAY[x - y::smallint::text, x]",
                "SELECT NULL::text AS text | SELECT NULL::text AS other",
                "SELECT 'a'::text AS text | SELECT 'b'::text",
                "ARRAY[1, 2]::numeric[] | ARRAY[12]::numeric[]",
                "x > ARRAY[1] | x > (ARRAY[1] || 2)"
            })
    void what_is_another_stays_another(String one, String other) {
        assertThat(Deparsed.settled(one)).isNotEqualTo(Deparsed.settled(other));
    }

    @Test
    void a_long_literal_is_read_to_its_end() {
        String literal = "'" + "''x".repeat(100_000) + "'::bpchar";
        assertThat(Deparsed.settled("ARRAY[" + literal + ", b]::text[]"))
                .isEqualTo("ARRAY[" + literal + "::text, b::text]");
    }

    @Test
    void what_holds_no_array_or_no_end_is_left_as_it_is() {
        assertThat(Deparsed.settled("CHECK (a > 'it''s')")).isEqualTo("CHECK (a > 'it''s')");
        assertThat(Deparsed.settled("begin -- don't ARRAY[1")).isEqualTo("begin -- don't ARRAY[1");
        assertThat(Deparsed.settled("ARRAY[1, 'open")).isEqualTo("ARRAY[1, 'open");
    }
}
