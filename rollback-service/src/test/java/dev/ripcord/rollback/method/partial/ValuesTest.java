package dev.ripcord.rollback.method.partial;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Every value comes back exactly, whatever its type. */
@ParameterizedClass
@ValueSource(ints = {18, 15})
class ValuesTest {

    private static final String SCHEMA = """
            create type mood as enum ('good', 'b,a"d', '(odd)'); create type nested as (m mood, t text, a int[]); create type outside as (n nested, x numeric);
            create domain short as varchar(10) check (value <> ''); create domain needed as text not null;
            create function shout(mood) returns text language sql as $$ select 'shouted'::text $$; create cast (mood as text) with function shout(mood);
            create function hear(text) returns mood language sql as $$ select 'good'::public.mood $$; create cast (text as mood) with function hear(text) as assignment;
            create type spans as range (subtype = timestamptz);
            create table every (id int primary key, b bytea, n numeric, nn numeric(30, 10), f4 float4, f8 float8, ts timestamp, tz timestamptz, d date, t time, tt timetz,
                i interval, txt text, vc varchar(20), c char(5), "char" "char", nm name, bl boolean, i2 smallint, i8 bigint, u uuid, j json, jb jsonb, jp jsonpath, x xml,
                ia int[], ta text[], aa int[], m mood, ma mood[], comp outside, compa nested[], s short, need needed, r int4range, nr numrange, sp spans, mr nummultirange,
                ip inet, ci cidr, mac macaddr, p point, pg polygon, bt bit(5), vb bit varying, tv tsvector, tq tsquery, l pg_lsn, mo money, o oid, rc regclass, xi xid8);
            insert into every values (1, '\\x00ff5c27', 1.500, 12345678901234567890.0123456789, 'NaN', '-0', '2026-01-01 00:00:00.000001', '0044-03-15 12:00:00 BC', 'infinity', '24:00', '12:00:00.1+05:30',
                '1 mon -3 days 00:00:00.000001', E'tab\\t nl\\n quote" \\\\ , () {} NULL é\\u4e2d😀', 'trailing  ', 'ab', 'x', 'name', true, -32768, 9223372036854775807, 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11',
                '{ "a" : 1.0, "a" : 2 }', '{"b": [1, null, "x\\"y"], "n": 1.10}', '$.a[*] ? (@ > 1)', '<a>1</a>', '[2:3]={1,2}', array['a,b', null, 'NULL', '', '"'], array[[1,2],[3,4]], 'b,a"d', array['(odd)', 'good']::mood[],
                row(row('(odd)', 'q"uo, te', array[1, null])::nested, 1.10), array[row('good', null, null)::nested, null], 'short', 'needed', '[1,5)', '(1.5,2.50]', '[2026-01-01,)', '{[1.0,2.0),[3,4)}',
                '10.0.0.1/24', '10.0.0.0/8', '08:00:2b:01:02:03', '(1.1,-0)', '((0,0),(1,1),(1,0))', '10101', '1', 'a:1A fat:2B', 'fat & (rat | !cat)', '16/B374D848', 12.34, 4294967295, 'every', '18446744073709551615');
            insert into every (id, need) values (2, '');
            insert into every values (3, '', 'NaN', 0, '1e-45', 5e-324, '-infinity', '294276-12-31 23:59:59.999999+00', '4713-01-01 BC', '00:00', '00:00-15:59', '-178000000 years', '', '', '', '', '', false, 0, 0,
                '00000000-0000-0000-0000-000000000000', 'null', 'null', '$', '', '{}', '{}', '{}', 'good', '{}', row(null, null), '{}', 'x', 'x', 'empty', 'empty', 'empty', '{}', '::1', '::/0', '08:00:2b:01:02:04', '(NaN,Infinity)',
                '((1e-300,1e300))', '00000', '', '', '', '0/0', -92233720368547758.08, 0, null, '0');
            """;

    private final int major;

    ValuesTest(int major) {
        this.major = major;
    }

    @Test
    void values_of_all_types_come_back_exactly_whether_inserted_or_updated() {
        try (Situation values = Situation.of(major, SCHEMA).then("""
                update every set b = null, n = 1.50, nn = null, f4 = 1, f8 = 0, ts = null, tz = now(), i = '30 days', txt = '', j = '{"a":2}', jb = null, ia = '{1,2}', comp = null, sp = null,
                    jp = null, xi = null, p = null, "char" = 'y', c = 'zz', ma = null, compa = null, ta = null, mo = null where id <> 2;
                delete from every where id = 3""")) {
            values.restored("public.every");
            assertThat(binary(values, true)).isEqualTo(binary(values, false));
            values.then("delete from every");
            values.restored("public.every");
            assertThat(binary(values, true)).isEqualTo(binary(values, false));
        }
    }

    /** By each type's binary form, where it has one; a table's own number is not the same in two databases for good. */
    private static Map<String, String> binary(Situation values, boolean live) {
        String parts = values.ask("""
                select string_agg(format('%L, %s(%I)', attname, t.typsend, attname), ', ')
                  from pg_attribute a join pg_type t on t.oid = a.atttypid
                 where a.attrelid = 'public.every'::regclass and attnum > 0 and t.typsend <> 0 and attname in ('b', 'n', 'nn', 'f4', 'f8', 'ts', 'tz', 'd', 't', 'tt', 'i', 'jb', 'r', 'p', 'x', 'l', 'mo', 'bt', 'vb', 'tv', 'char', 'txt', 'c', 'j')""");
        var session = live ? values.live : values.copy;
        return Map.of(
                "rows",
                session.query("select string_agg(jsonb_build_object(" + parts
                                + ")::text, ' ' order by id) as v from public.every")
                        .getFirst()
                        .getString("v"));
    }
}
