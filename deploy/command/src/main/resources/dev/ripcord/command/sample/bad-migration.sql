-- "Prices in cents are stored as euros, tax moves to its own service, one policy for all warehouses": all three wrong.
alter table products drop column tax_rate cascade;
update products set price = greatest(0.01, round(price / 100, 2));
drop policy own_warehouse on stock;
create policy own_warehouse on stock to shop_app using (true);
