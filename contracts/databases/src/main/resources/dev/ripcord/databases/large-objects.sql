-- How many large objects there are, and a hash of their owners, grants, sizes and content: the same for any cut into
-- pages, for a restored archive stores as zeros what was a hole before.
with content as (
    select loid, max(pageno::bigint * 2048 + length(data)) as size,
           sum(hashtextextended(format('%s %s', pageno, rtrim(data, '\x00')), 0)) filter (where rtrim(data, '\x00') <> '') as hash
      from pg_largeobject group by loid
)
select count(*) as rows,
       coalesce(sum(hashtextextended(row(m.oid, pg_get_userbyid(m.lomowner), a.acl, c.size, c.hash)::text, 0)), 0)::text as hash
  from pg_largeobject_metadata m
  left join content c on c.loid = m.oid,
       lateral (select string_agg(x::text, ',' order by x::text) as acl from unnest(coalesce(m.lomacl, acldefault('L', m.lomowner))) x) a
