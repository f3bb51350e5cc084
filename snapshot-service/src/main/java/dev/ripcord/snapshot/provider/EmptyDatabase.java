package dev.ripcord.snapshot.provider;

import static dev.ripcord.snapshot.provider.MadeDatabases.quoted;

import dev.ripcord.databases.PgSession;
import io.vertx.sqlclient.Row;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How an empty database is made, from template0: with the encoding, locale and tablespace of another. It belongs to that
 * one's owner, in whose place its objects are made, where the restoring role may act as it; else to the restoring role.
 */
final class EmptyDatabase {

    private EmptyDatabase() {}

    /** As the database with this object id is. */
    static String like(PgSession session, long oid, String restorer) {
        Row like = session.query("""
                        select pg_encoding_to_char(d.encoding)::text as encoding, d.datcollate::text as collate, d.datctype::text as ctype,
                               coalesce(to_jsonb(d) ->> 'datlocprovider', 'c') as provider,
                               coalesce(to_jsonb(d) ->> 'datlocale', to_jsonb(d) ->> 'daticulocale') as locale,
                               (select spcname::text from pg_tablespace where oid = d.dattablespace and spcname <> 'pg_default') as tablespace,
                               case when pg_has_role($2::name, d.datdba, 'member') and not o.rolsuper then o.rolname::text else $2 end as owner
                          from pg_database d join pg_roles o on o.oid = d.datdba where d.oid = $1::bigint::oid""", oid, restorer).getFirst();
        String options = options(
                like.getString("owner"),
                like.getString("encoding"),
                like.getString("collate"),
                like.getString("ctype"),
                like.getString("provider"),
                like.getString("locale"));
        return like.getString("tablespace") == null
                ? options
                : options + " tablespace " + quoted(like.getString("tablespace"));
    }

    /** As a manifest has recorded it; in the server's usual tablespace. */
    static String as(PgSession session, Map<String, String> properties, String restorer) {
        String owner = session.query("""
                        select coalesce((select rolname::text from pg_roles
                                          where rolname = $1 and not rolsuper and pg_has_role($2::name, oid, 'member')), $2) as owner""", properties.getOrDefault("owner", restorer), restorer)
                .getFirst()
                .getString("owner");
        String[] locale = properties.getOrDefault("locale", "c").split(" ", 2);
        return options(
                owner,
                properties.getOrDefault("encoding", "UTF8"),
                properties.getOrDefault("collation", "C"),
                properties.getOrDefault("character type", "C"),
                locale[0],
                locale.length == 2 ? locale[1] : null);
    }

    private static String options(
            String owner, String encoding, String collate, String ctype, String provider, @Nullable String locale) {
        String options = "template template0 owner " + quoted(owner) + " encoding " + literal(encoding) + " lc_collate "
                + literal(collate) + " lc_ctype " + literal(ctype);
        // template0 has the server's usual provider, which need not be this one's
        if (locale == null) return options + " locale_provider libc";
        return switch (provider) {
            case "i" -> options + " locale_provider icu icu_locale " + literal(locale);
            case "b" -> options + " locale_provider builtin builtin_locale " + literal(locale);
            default -> options + " locale_provider libc";
        };
    }

    private static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
