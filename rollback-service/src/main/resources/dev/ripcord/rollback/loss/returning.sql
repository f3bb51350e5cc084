-- What a restore turns back besides rows, one line each: the object it hangs on, its kind, its name in words, and what it is
-- now. A line of kind "exists" says that an object is there at all.
with spaces as (
    select oid, nspname, nspowner, nspacl from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema'
), relations as (
    select c.*, format('%I.%I', s.nspname, c.relname) as qualified from pg_class c join spaces s on s.oid = c.relnamespace
     where c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
), functions as (
    select f.*, format('%I.%I(%s)', s.nspname, f.proname, pg_get_function_identity_arguments(f.oid)) as qualified
      from pg_proc f join spaces s on s.oid = f.pronamespace
     where (f.tableoid, f.oid) not in (select classid, objid from pg_depend where deptype = 'e')
), rights as (
    select qualified as object, qualified as place, a.grantee, a.privilege_type, a.is_grantable
      from relations r, aclexplode(coalesce(relacl, acldefault(case relkind when 'S' then 's' else 'r' end::"char", relowner))) a where a.grantee <> relowner
    union all
    select r.qualified, format('%s (%I)', r.qualified, c.attname), a.grantee, a.privilege_type, a.is_grantable
      from relations r join pg_attribute c on c.attrelid = r.oid and not c.attisdropped, aclexplode(c.attacl) a
    union all
    select quote_ident(nspname), 'schema ' || quote_ident(nspname), a.grantee, a.privilege_type, a.is_grantable
      from spaces, aclexplode(coalesce(nspacl, acldefault('n', nspowner))) a where a.grantee <> nspowner
    union all
    select qualified, qualified, a.grantee, a.privilege_type, a.is_grantable
      from functions, aclexplode(coalesce(proacl, acldefault('f', proowner))) a where a.grantee <> proowner
)
select qualified as object, 'exists' as kind, '' as name, '' as state from relations
union all
select quote_ident(nspname), 'exists', '', '' from spaces
union all
select qualified, 'exists', '', '' from functions
union all
select object, 'right', format('%s on %s', privilege_type, place), coalesce(quote_ident(pg_get_userbyid(nullif(grantee, 0))), 'everybody') || case when is_grantable then ', who may pass it on' else '' end
  from rights where grantee = 0 or pg_get_userbyid(grantee) !~ '^ripcord_'
union all
select r.qualified, 'policy', format('policy %I on %s', p.polname, r.qualified),
       row(p.polpermissive, p.polcmd, array(select pg_get_userbyid(nullif(m, 0)) from unnest(p.polroles) m order by 1), pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))::text
  from pg_policy p join relations r on r.oid = p.polrelid
union all
select qualified, 'switch', 'row-level security of ' || qualified, case when relforcerowsecurity then 'on, for the owner too' else 'on' end from relations where relrowsecurity
union all
select r.qualified, 'switch', format('trigger %I on %s', t.tgname, r.qualified), case t.tgenabled when 'O' then 'on' when 'A' then 'on, always' else 'on, for replicas' end
  from pg_trigger t join relations r on r.oid = t.tgrelid where not t.tgisinternal and t.tgenabled <> 'D'
union all
select r.qualified, 'switch', format('rule %I on %s', w.rulename, r.qualified), 'on' from pg_rewrite w join relations r on r.oid = w.ev_class where w.rulename <> '_RETURN' and w.ev_enabled <> 'D'
union all
select '', 'switch', format('event trigger %I', evtname), 'on' from pg_event_trigger where evtenabled <> 'D'
