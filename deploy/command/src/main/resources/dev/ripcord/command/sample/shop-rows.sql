-- Rows of the sample; scale 1 is about 100 MB. Executed with a scale factor for {scale}.
select setseed(0.42);
insert into customers (name, email, profile, created_at)
    select 'Customer ' || n, 'customer' || n || '@example.org',
           jsonb_build_object('language', (array['en', 'de', 'fr', 'es'])[1 + n % 4], 'newsletter', n % 3 = 0, 'points', n % 500),
           timestamptz '2024-01-01' + n * interval '9 minutes'
      from generate_series(1, greatest(50, (40000 * {scale})::bigint)) n;
insert into products (sku, name, price, tax_rate, tags)
    select 'SKU-' || lpad(n::text, 7, '0'), 'Product ' || n, 5 + (n * 37 % 50000) / 100.0, (array[0.07, 0.19, 0.2])[1 + n % 3],
           jsonb_build_array('tag' || n % 17, 'tag' || n % 23)
      from generate_series(1, greatest(20, (5000 * {scale})::bigint)) n;
insert into stock (product_id, warehouse, quantity)
    select p.id, w, 1000000 from products p, unnest(array['north', 'south']) w;
insert into orders (customer_id, status, placed_at, note)
    select 1 + (n * 7919) % (select count(*) from customers), (array['paid', 'shipped', 'closed'])[1 + n % 3],
           timestamptz '2024-06-01' + n * interval '4 minutes', case when n % 5 = 0 then repeat('gift wrap, ', 6) end
      from generate_series(1, greatest(200, (230000 * {scale})::bigint)) n;
insert into order_lines (order_id, line, product_id, quantity, price)
    select o.id, l, 1 + (o.id * 31 + l * 17) % (select count(*) from products), 1 + (o.id + l) % 5, 5 + (o.id * l % 9000) / 100.0
      from orders o, generate_series(1, 3) l;
insert into payments (order_id, amount, paid_at)
    select id, 10 + (id % 20000) / 100.0, placed_at + interval '1 hour' from orders;
