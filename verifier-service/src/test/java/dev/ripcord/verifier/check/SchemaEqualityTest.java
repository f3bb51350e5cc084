package dev.ripcord.verifier.check;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchemaEqualityTest extends CheckContract {

    SchemaEqualityTest() {
        super(new SchemaEquality(), false);
    }

    @ParameterizedTest(name = "{0} is found in {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            drop index orders_by_customer                                               | index public.orders_by_customer
            create index another on orders (placed)                                     | index public.another
            drop trigger stamp_note on orders                                           | trigger public.orders stamp_note
            alter table orders disable trigger stamp_note                               | trigger public.orders stamp_note
            revoke select on customer from shop_clerk                                   | table public.customer
            grant insert on customer to shop_clerk                                      | table public.customer
            grant select (name) on customer to shop_clerk                               | column public.customer.name
            drop policy own_rows on customer                                            | policy public.customer own_rows
            alter policy own_rows on customer using (true)                              | policy public.customer own_rows
            alter table customer disable row level security                             | table public.customer
            alter table category alter column name set default 'none'                   | column public.category.name
            alter table category alter column name drop default                         | column public.category.name
            alter table category alter column name drop not null                        | column public.category.name
            alter table orders drop column note                                         | column public.orders.note
            alter table orders add column more text                                     | column public.orders.more
            alter table stock.item alter column many type bigint                        | column stock.item.many
            alter table customer drop constraint born_after_1900                        | constraint public.customer born_after_1900
            alter table delivery drop constraint delivery_pkey                          | constraint public.delivery delivery_pkey
            drop view cheap                                                             | view public.cheap
            create or replace view cheap as select id, price from product where price < 11 | view public.cheap
            drop materialized view turnover                                             | materialized view public.turnover
            drop sequence stock.shelf                                                   | sequence stock.shelf
            alter sequence stock.shelf increment by -2                                  | sequence stock.shelf
            drop table newsletter                                                       | table public.newsletter
            create table leftover ()                                                    | table public.leftover
            alter table event attach partition event_2027 for values from ('2027-01-01') to ('2028-01-01') | table public.event_2027
            alter table stock.item owner to shop_clerk                                  | table stock.item
            alter schema stock owner to shop_clerk                                      | schema stock
            create or replace function stamp() returns trigger language plpgsql as 'begin return new; end' | function public.stamp()
            alter function stamp() security definer                                     | function public.stamp()
            create extension pgcrypto                                                   | extension pgcrypto
            comment on column orders.note is 'changed'                                  | comment table column public.orders.note
            create statistics more on customer, placed from orders                      | statistics public.more
            alter default privileges grant select on tables to shop_clerk               | default privileges
            create publication everything for all tables                                | publication everything
            """)
    void a_change_of_the_schema_is_found(String change, String subject) {
        assertThat(after(change))
                .anySatisfy(finding -> assertThat(finding.subject()).startsWith(subject));
    }
}
