-- Rights on an extension's objects that are not those with which it was made: an archive has them, and its restorer may not
-- give them. Apart from the other objects because this is asked before an archive is taken, too. What everybody may do is no
-- less for being granted to one.
select 'extension rights' as kind, concat_ws(' ', i.type, i.identity) as name, o.rights as definition
  from (select classoid, objoid,
               (select string_agg(entry, ',' order by entry) from (
                    select distinct format('%s %s %s', case x.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(x.grantee)) end, x.privilege_type, x.is_grantable) as entry
                      from aclexplode(acl) x where x.grantee <> x.grantor and (x.grantee = 0 or x.is_grantable
                           or not exists (select from aclexplode(acl) every where every.grantee = 0 and every.privilege_type = x.privilege_type))) e) as rights,
               (select string_agg(entry, ',' order by entry) from (
                    select distinct format('%s %s %s', case x.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(x.grantee)) end, x.privilege_type, x.is_grantable) as entry
                      from aclexplode(made) x where x.grantee <> x.grantor and (x.grantee = 0 or x.is_grantable
                           or not exists (select from aclexplode(made) every where every.grantee = 0 and every.privilege_type = x.privilege_type))) e) as usual
          from (select a.classoid, a.objoid, coalesce(a.acl, a.usual) as acl, coalesce(p.initprivs, a.usual) as made
                  from (select tableoid as classoid, oid as objoid, proacl as acl, acldefault('f', proowner) as usual from pg_proc
                        union all
                        select tableoid, oid, relacl, acldefault(case relkind when 'S' then 's' else 'r' end::"char", relowner) from pg_class where relkind in ('r', 'p', 'v', 'm', 'f', 'S')
                        union all
                        select tableoid, oid, typacl, acldefault('T', typowner) from pg_type) a
                  join pg_depend m on (m.classid, m.objid, m.deptype) = (a.classoid, a.objoid, 'e')
                  left join pg_init_privs p on (p.classoid, p.objoid, p.objsubid) = (a.classoid, a.objoid, 0)) r) o,
       pg_identify_object(o.classoid, o.objoid, 0) i
 where o.rights is distinct from o.usual
