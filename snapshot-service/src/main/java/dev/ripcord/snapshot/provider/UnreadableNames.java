package dev.ripcord.snapshot.provider;

import dev.ripcord.databases.PgSession;
import dev.ripcord.snapshot.core.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Names that nobody can ask for who speaks UTF-8: a database without an encoding takes any bytes for a name, and gives out none that is no
 * UTF-8. What has one could not be compared.
 */
public final class UnreadableNames {

    private static final int MOST_NAMED = 5;

    /** Stands for what is no UTF-8. */
    private static final char NO_CHARACTER = '\uFFFD';

    private static final String NAMES = """
            with names (space, name, part) as (
                select oid, null::name, null::name from pg_namespace
                union all
                select relnamespace, relname, null::name from pg_class where relpersistence <> 't'
                union all
                select c.relnamespace, c.relname, a.attname from pg_attribute a join pg_class c on c.oid = a.attrelid
                 where c.relkind in ('r', 'p', 'm', 'v', 'f', 'c') and c.relpersistence <> 't' and not a.attisdropped
                union all
                select connamespace, conname, null::name from pg_constraint
                union all
                select c.relnamespace, c.relname, t.tgname from pg_trigger t join pg_class c on c.oid = t.tgrelid
                union all
                select t.typnamespace, t.typname, null::name from pg_type t
                 where t.typrelid = 0 and not exists (select from pg_type e where e.typarray = t.oid)
                union all
                select pronamespace, proname, null::name from pg_proc),
                 written (name) as (
                select concat_ws('.', quote_ident(s.nspname), quote_ident(n.name), quote_ident(n.part))
                  from names n join pg_namespace s on s.oid = n.space where s.nspname !~ '^pg_')
            select convert_to(name, 'SQL_ASCII') as name from written order by name""";

    private UnreadableNames() {}

    /** Whether a database with these properties can have any. */
    public static boolean possible(Map<String, String> properties) {
        return "SQL_ASCII".equals(properties.get("encoding"));
    }

    /** What has such a name, asked within the database or a copy of it; empty where there is nothing. */
    public static Optional<Refusal> refusal(PgSession session) {
        List<String> names = session.query(NAMES).stream()
                .map(row -> row.getBuffer("name").toString(StandardCharsets.UTF_8))
                .filter(name -> name.indexOf(NO_CHARACTER) >= 0)
                .toList();
        if (names.isEmpty()) return Optional.empty();
        int more = names.size() - MOST_NAMED;
        return Optional.of(new Refusal(
                "the database has no encoding (SQL_ASCII), and these names are no UTF-8, so that nobody can ask for what has them: "
                        + names.stream().limit(MOST_NAMED).collect(Collectors.joining(", "))
                        + (more > 0 ? " and " + more + " more" : ""),
                "rename them with the client_encoding that they were made with, then ask again"));
    }
}
