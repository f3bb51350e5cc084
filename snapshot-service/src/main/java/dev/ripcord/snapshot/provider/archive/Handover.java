package dev.ripcord.snapshot.provider.archive;

import dev.ripcord.databases.PgSession;

/**
 * Whom an object is handed to needs {@code CREATE} on its schema, a publication's owner on the database. An archive says last who has
 * which right, and who made an object may have had it then and not now. So everybody has it while objects are made, in a database into
 * which nobody else may come.
 */
final class Handover {

    private static final String BEGIN = """
            do $$
            begin
                execute format('grant create on database %I to public', current_database());
                alter default privileges grant create on schemas to public;
                if to_regnamespace('public') is not null then
                    grant create on schema public to public;
                end if;
            end $$""";

    private static final String END = """
            do $$
            declare
                open text;
            begin
                for open in select nspname from pg_namespace n
                             where pg_has_role(nspowner, 'MEMBER')
                               and exists (select from aclexplode(nspacl) a where a.grantee = 0 and a.privilege_type = 'CREATE')
                               and not exists (select from pg_depend where classid = 'pg_namespace'::regclass and objid = n.oid and deptype = 'e') loop
                    execute format('revoke create on schema %I from public', open);
                end loop;
                alter default privileges revoke create on schemas from public;
                execute format('revoke create on database %I from public', current_database());
            end $$""";

    private Handover() {}

    /** Before anything is made. */
    static void begin(PgSession session) {
        session.execute(BEGIN);
    }

    /** When all objects have their owners, and before the rights that the archive says are given. */
    static void end(PgSession session) {
        session.execute(END);
    }
}
