select 'owner of' as kind, word || ' ' || q as name, stage, addr || '/owner' as addr, addr as inside, '{}'::text[] as needs, owner as definition, array[format('alter %s %s owner to %I', word, q, owner)] as creates,
       null::text[] as sets, null as shape, '{}'::text[] as drops
  from (select 'schema' as word, quote_ident(nspname) as q, tableoid::text || ':' || oid || ':0' as addr, pg_get_userbyid(nspowner) as owner, 46 as stage from spaces where (tableoid, oid) not in (select classid, objid from members)
        union all
        -- a table and a sequence that it owns have one owner, so both have it before they meet
        select word, q, at || '0', pg_get_userbyid(relowner), case when relkind in ('r', 'p') then 47 else 82 end from relations where relkind <> 'S'
        union all
        select word, q, at || '0', pg_get_userbyid(relowner), 47 from lone_sequences r where not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = r.oid and d.deptype = 'a' and d.refobjsubid > 0)
        union all
        select word, q, at, pg_get_userbyid(proowner), 82 from functions
        union all
        select case typtype when 'd' then 'domain' else 'type' end, q, at, pg_get_userbyid(typowner), 82 from types
        union all
        select 'publication', quote_ident(pubname), tableoid::text || ':' || oid || ':0', pg_get_userbyid(pubowner), 82 from pg_publication
        union all
        select 'statistics', format('%I.%I', s.nspname, x.stxname), x.tableoid::text || ':' || x.oid || ':0', pg_get_userbyid(stxowner), 82 from pg_statistic_ext x join spaces s on s.oid = x.stxnamespace
        union all
        select 'event trigger', quote_ident(evtname), e.tableoid::text || ':' || e.oid || ':0', pg_get_userbyid(evtowner), 82 from pg_event_trigger e where (e.tableoid, e.oid) not in (select classid, objid from members)) o
union all
-- One that is owned goes with its table, and needs an owner only where it is made anew.
select 'owner of', 'sequence ' || q, 47, at || '0/owner', at || '0', '{}', '', array[format('alter sequence %s owner to %I', q, pg_get_userbyid(relowner))], null, null, '{}'
  from lone_sequences r where exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = r.oid and d.deptype = 'a' and d.refobjsubid > 0)
union all
select 'rights on', word || ' ' || q, 90, addr || '/rights', addr, '{}', coalesce((select string_agg(x::text, ',' order by x::text) from unnest(coalesce(acl, acldefault(letter::"char", owner))) x), ''),
       coalesce((select array_agg(format('grant %s on %s %s to %s%s', x.rights, word, q, x.who, case when x.is_grantable then ' with grant option' else '' end) order by x.who, x.is_grantable) from
           (select coalesce(quote_ident(pg_get_userbyid(nullif(grantee, 0))), 'public') as who, is_grantable, string_agg(privilege_type, ', ' order by privilege_type) as rights
              from aclexplode(coalesce(acl, acldefault(letter::"char", owner))) group by 1, 2) x), '{}'), null, case when acl is null then 'plain' end,
       coalesce((select array[format('revoke all on %s %s from %s', word, q, string_agg(distinct coalesce(quote_ident(pg_get_userbyid(nullif(grantee, 0))), 'public'), ', '))]
          from (select grantee from aclexplode(coalesce(acl, acldefault(letter::"char", owner))) union select owner union select e.grantee from pg_default_acl, aclexplode(defaclacl) e) x), '{}')
  from grantable
union all
select 'rights on', 'column ' || q || '.' || c, 91, col || '/rights', col, '{}', (select string_agg(x::text, ',' order by x::text) from unnest(attacl) x),
       (select array_agg(format('grant %s (%s) on table %s to %s%s', privilege_type, c, q, coalesce(quote_ident(pg_get_userbyid(nullif(grantee, 0))), 'public'), case when is_grantable then ' with grant option' else '' end)) from aclexplode(attacl)), null, null,
       (select array[format('revoke all (%s) on table %s from %s', c, q, string_agg(distinct coalesce(quote_ident(pg_get_userbyid(nullif(grantee, 0))), 'public'), ', '))] from aclexplode(attacl))
  from columns where attacl is not null and attacl <> '{}'
union all
select 'default rights', head || ' ' || what, 97, at, null, '{}', (select string_agg(x::text, ',' order by x::text) from unnest(defaclacl) x),
       coalesce((select array[format('%s revoke all on %s from public, %I', head, what, pg_get_userbyid(defaclrole))] where d.defaclnamespace = 0), '{}') || coalesce((select array_agg(format('%s grant %s on %s to %s%s', head, privilege_type, what, coalesce(quote_ident(pg_get_userbyid(nullif(grantee, 0))), 'public'), case when is_grantable then ' with grant option' else '' end)) from aclexplode(defaclacl)), '{}'),
       null, null,
       coalesce((select array[format('%s revoke all on %s from %s', head, what, string_agg(distinct coalesce(quote_ident(pg_get_userbyid(nullif(grantee, 0))), 'public'), ', '))] from aclexplode(defaclacl) having count(*) > 0), '{}')
         || case when defaclnamespace = 0 then coalesce((select array_agg(format('%s grant %s on %s to %s', head, privilege_type, what, coalesce(quote_ident(pg_get_userbyid(nullif(grantee, 0))), 'public')))
              from aclexplode(acldefault(case defaclobjtype when 'S' then 's'::"char" else defaclobjtype end, defaclrole))), '{}') else '{}' end
  from default_rights d
union all
select 'comment on', i.type || ' ' || i.identity, 98, c.classoid || ':' || c.objoid || ':' || c.objsubid || '/comment', c.classoid || ':' || c.objoid || ':' || c.objsubid, '{}', description,
       array[format('comment on %s is %L', w.words, description)], null, null, array[format('comment on %s is null', w.words)]
  from pg_description c, pg_identify_object(c.classoid, c.objoid, c.objsubid) i, lateral (select case
           when i.type like '% column' then 'column ' || i.identity when i.type = 'table constraint' then 'constraint ' || i.identity
           when i.type = 'domain constraint' then regexp_replace('constraint ' || i.identity, '( on )(?!.* on )', ' on domain ') when i.type = 'statistics object' then 'statistics ' || i.identity else i.type || ' ' || i.identity end as words) w
 where (c.objoid >= 16384 or c.classoid = 'pg_namespace'::regclass and c.objoid in (select oid from spaces)) and (c.classoid, c.objoid) not in (select classid, objid from members) and i.identity !~ '\mpg_(temp|toast)'
