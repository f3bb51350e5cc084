-- Constraints, indexes, the materialized view, the trigger, the policy, the large object and the rights of the application.
alter table customers add primary key (id), add unique (email);
alter table products add primary key (id), add unique (sku), add check (price > 0);
alter table stock add primary key (product_id, warehouse), add foreign key (product_id) references products, add check (quantity >= 0);
alter table stock_movements add primary key (id), add foreign key (product_id) references products;
alter table orders add primary key (id), add unique (invoice), add foreign key (customer_id) references customers,
    add check (status in ('new', 'paid', 'shipped', 'closed'));
alter table order_lines add primary key (order_id, line), add foreign key (order_id) references orders, add foreign key (product_id) references products;
alter table payments add primary key (id, paid_at), add foreign key (order_id) references orders;
create index customers_by_profile on customers using gin (profile);
create index orders_by_customer on orders (customer_id, placed_at);
create unique index orders_once on orders (client, number) where client is not null;
create index payments_by_order on payments (order_id);
create materialized view sales_by_month as
    select date_trunc('month', o.placed_at) as month, count(distinct o.id) as orders, sum(l.quantity * l.price) as turnover
      from orders o join order_lines l on l.order_id = o.id group by 1;
create unique index on sales_by_month (month);
create trigger note_stock_movement after update of quantity on stock for each row execute function note_stock_movement();
alter table stock enable row level security;
create policy own_warehouse on stock to shop_app using (warehouse = current_setting('shop.warehouse', true));
select lo_from_bytea(0, convert_to(repeat('terms and conditions of the sample shop; ', 2000), 'UTF8'));
grant usage on schema public to shop_app;
grant select on all tables in schema public to shop_app;
grant insert on orders, order_lines, payments, stock_movements to shop_app;
grant update on stock, orders to shop_app;
grant usage on all sequences in schema public to shop_app;
