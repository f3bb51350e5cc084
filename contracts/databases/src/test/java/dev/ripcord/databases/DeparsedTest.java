package dev.ripcord.databases;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

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
                "IN ( SELECT 'new'::app.status UNION | IN ( SELECT 'new'::app.status AS status UNION",
                "SELECT 'new'::my_status, b | SELECT 'new'::my_status AS my_status, b",
                "SELECT 'a'::app.\"\"Odd Type\"\" FROM t | SELECT 'a'::app.\"\"Odd Type\"\" AS \"\"Odd Type\"\" FROM t",
                "SELECT 'a'::\"\"a.b\"\".\"\"c.d\"\" | SELECT 'a'::\"\"a.b\"\".\"\"c.d\"\" AS \"\"c.d\"\"",
                "SELECT '{1}'::integer[] | SELECT '{1}'::integer[] AS int4",
                "SELECT '{1}'::app.status[] | SELECT '{1}'::app.status[] AS status",
                "SELECT '10:00'::time without time zone | SELECT '10:00'::time without time zone AS \"\"time\"\"",
                "SELECT '10:00+01'::time with time zone | SELECT '10:00+01'::time with time zone AS timetz",
                "SELECT '1'::bit varying | SELECT '1'::bit varying AS varbit",
                "SELECT '1'::\"\"bit\"\" | SELECT '1'::\"\"bit\"\" AS \"\"bit\"\"",
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
                "SELECT 'a'::app.status AS status | SELECT 'a'::old.status AS status",
                "SELECT 'a'::app.status AS status | SELECT 'a'::app.status[] AS status",
                "SELECT 'a'::app.status AS app | SELECT 'a'::app.status",
                "SELECT '1'::integer[] AS integer | SELECT '1'::integer[]",
                "SELECT '1'::app.\"\"integer\"\" AS int4 | SELECT '1'::app.\"\"integer\"\"",
                "SELECT (a + b)::app.status AS status | SELECT (a + b)::app.status",
                "ARRAY[ARRAY[a] + ARRAY[b], ARRAY[c]]::text[] | ARRAY[ARRAY[a] + ARRAY[d], ARRAY[c]]::text[]",
                "ARRAY[1, 2]::numeric[] | ARRAY[12]::numeric[]",
                "x > ARRAY[1] | x > (ARRAY[1] + 2)"
            })
    void what_is_another_stays_another(String one, String other) {
        assertThat(Deparsed.settled(one)).isNotEqualTo(Deparsed.settled(other));
    }

    @ParameterizedTest
    @MethodSource
    void a_case_is_cast_without_parentheses(String original, String restored) {
        assertThat(Deparsed.settled(original)).isEqualTo(Deparsed.settled(restored));
    }

    private static Stream<Arguments> a_case_is_cast_without_parentheses() {
        String lines = "\nCASE\n    WHEN a > 'z'::bpchar THEN b\n    ELSE a\nEND";
        String inner = "CASE\n    WHEN a THEN (" + lines + ")\n END";
        String two = lines + " ||" + lines;
        return Stream.of(
                Arguments.of("ARRAY[a," + lines + "]::text[]", "ARRAY[a::text," + lines + "::text]"),
                Arguments.of("ARRAY[" + inner + ", a]::text[]", "ARRAY[" + inner + "::text, a::text]"),
                Arguments.of("ARRAY[" + two + ", a]::text[]", "ARRAY[(" + two + ")::text, a::text]"));
    }

    @Test
    void a_cast_of_the_last_case_is_not_one_of_all() {
        String one = "CASE\n    WHEN a THEN b\nEND";
        assertThat(Deparsed.settled("ARRAY[(" + one + " || " + one + ")::citext, a]"))
                .isNotEqualTo(Deparsed.settled("ARRAY[" + one + " || " + one + "::citext, a]"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "((p)::text = ANY ((ARRAY[COALESCE(a, b), 'x'::character varying])::text[]))"
                        + " | ((p)::text = ANY (ARRAY[(COALESCE(a, b))::text, ('x'::character varying)::text]))",
                "ANY ((ARRAY[(substr((b)::text, 1, 2))::character varying, c])::text[])"
                        + " | ANY (ARRAY[((substr((b)::text, 1, 2))::character varying)::text, (c)::text])",
                "ANY ((ARRAY[( SELECT max(t.a) AS max FROM t, u), c])::text[])"
                        + " | ANY (ARRAY[(( SELECT max(t.a) AS max FROM t, u))::text, (c)::text])",
                "ANY ((ARRAY[f(\"\"a, (b)\"\", ARRAY[1, 2]), c])::text[])"
                        + " | ANY (ARRAY[(f(\"\"a, (b)\"\", ARRAY[1, 2]))::text, (c)::text])",
                "ANY ((ARRAY['a)'::character varying, '(b,'::character varying])::text[])"
                        + " | ANY (ARRAY[('a)'::character varying)::text, ('(b,'::character varying)::text])",
                "ANY ((ARRAY[(ARRAY[a, b])[1], c])::citext[]) | ANY (ARRAY[((ARRAY[a, b])[1])::citext, (c)::citext])",
                "(((day >= 1) AND (day <= 9)) AND (id > 0)) | ((day >= 1) AND (day <= 9) AND (id > 0))",
                "( SELECT 'new'::app.status UNION | ( SELECT 'new'::app.status AS status UNION"
            })
    void parentheses_that_a_restore_nests_otherwise_make_no_difference(String original, String restored) {
        assertThat(Deparsed.opened(original)).isEqualTo(Deparsed.opened(restored));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "SELECT f(a, b) | SELECT f(a), b",
                "SELECT f((a)::text, b) | SELECT f((a)::text), b",
                "(ARRAY[COALESCE(a, b), c])::text[] | (ARRAY[COALESCE(a), b, c])::text[]",
                "(ARRAY[COALESCE(a, b), c])::text[] | ARRAY[(COALESCE(a, b))::text, c]",
                "VALUES ((1), (2)) | VALUES ((1)), ((2))",
                "x = 'a)' | x = 'a('",
                "x = '(a)' | x = 'a'",
                "(SELECT t.\"\"a(\"\") | (SELECT t.\"\"a\"\")",
                "(ARRAY[(ARRAY[a, b])[1], c])::citext[] | (ARRAY[(ARRAY[a, b])[2], c])::citext[]"
            })
    void what_is_another_without_needless_parentheses_stays_another(String one, String other) {
        assertThat(Deparsed.opened(one)).isNotEqualTo(Deparsed.opened(other));
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
