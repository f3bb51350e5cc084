package dev.ripcord.rollback.method.schema;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** What a restore writes otherwise is the same, so that nothing of it is taken away and made again. */
@ParameterizedClass
@ValueSource(ints = {18, 15})
class RestoredCopyTest {

    private static final String PARCELS = """
            create table shop.parcels (id int primary key, day int check (day between 1 and 31 and day <> 13),
                status varchar(20) check (status in ('new', 'paid')),
                kind text generated always as (case when status in ('new', 'paid') then 'open' end) stored,
                note varchar(9) default case when 'a'::varchar(3) in ('a', 'b') then 'x' end);
            create view shop.unpaid as select id from shop.parcels where day between 1 and 9 and id > 0 and status in ('new', 'sent');
            create index open_by_day on shop.parcels (day) where status in ('new', 'paid');
            alter table shop.parcels enable row level security;
            create policy few on shop.parcels using (status in ('new', 'paid')) with check (day between 1 and 9 and id > 0);
            create function shop.parcel_noted() returns trigger language plpgsql as 'begin return new; end';
            create trigger noted before update on shop.parcels for each row when (new.status in ('new', 'paid')) execute function shop.parcel_noted();
            create domain shop.label as varchar(9) check (value in ('a', 'b') and length(value) between 1 and 3)""";

    /** What {@code pg_restore} makes of it: each from the text that the server gave. */
    private static final String RESTORED = """
            do $$ declare each record; begin
                for each in select conname, pg_get_constraintdef(oid) as made from pg_constraint where conrelid = 'shop.parcels'::regclass and contype = 'c' loop
                    execute format('alter table shop.parcels drop constraint %I, add constraint %I %s', each.conname, each.conname, each.made);
                end loop;
                for each in select conname, pg_get_constraintdef(oid) as made from pg_constraint where contypid = 'shop.label'::regtype and contype = 'c' loop
                    execute format('alter domain shop.label drop constraint %I', each.conname);
                    execute format('alter domain shop.label add constraint %I %s', each.conname, each.made);
                end loop;
                for each in select pg_get_expr(adbin, adrelid) as made from pg_attrdef where adrelid = 'shop.parcels'::regclass and adnum = 5 loop
                    execute 'alter table shop.parcels alter note set default ' || each.made;
                end loop;
                execute 'create or replace view shop.unpaid as ' || pg_get_viewdef('shop.unpaid'::regclass);
                for each in select indexrelid, pg_get_indexdef(indexrelid) as made from pg_index where indexrelid = 'shop.open_by_day'::regclass loop
                    execute 'drop index shop.open_by_day';
                    execute each.made;
                end loop;
                for each in select pg_get_expr(polqual, polrelid) as a, pg_get_expr(polwithcheck, polrelid) as b from pg_policy where polname = 'few' loop
                    execute format('alter policy few on shop.parcels using (%s) with check (%s)', each.a, each.b);
                end loop;
                for each in select pg_get_triggerdef(oid) as made from pg_trigger where tgname = 'noted' loop
                    execute 'drop trigger noted on shop.parcels';
                    execute each.made;
                end loop;
            end $$""";

    private static final String TEXTS = """
            select string_agg(text, ';') from (
                select pg_get_constraintdef(oid) from pg_constraint where conrelid = 'shop.parcels'::regclass
                union all select pg_get_viewdef('shop.unpaid'::regclass)
                union all select pg_get_indexdef('shop.open_by_day'::regclass)) t(text)""";

    private final int major;

    RestoredCopyTest(int major) {
        this.major = major;
    }

    @Test
    void only_what_the_migration_changed_is_on_the_way_back() {
        try (Pair pair = Pair.restored(major)) {
            pair.migrate(PARCELS);
            pair.copy.execute(PARCELS);
            try {
                pair.copy.execute(RESTORED);
                assertThat(pair.copy.query(TEXTS)).isNotEqualTo(pair.live.query(TEXTS));
                pair.migrate("alter table shop.parcels alter status set default 'new'");
                assertThat(SchemaRollbackTest.derived(pair).changes())
                        .extracting(Change::object)
                        .containsExactly("default of shop.parcels.status");
            } finally {
                pair.copy.execute(
                        "drop table shop.parcels cascade; drop function shop.parcel_noted(); drop domain shop.label");
            }
        }
    }
}
