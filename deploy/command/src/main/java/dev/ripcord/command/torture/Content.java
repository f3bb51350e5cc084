package dev.ripcord.command.torture;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a database holds, found out without any of the suite's own code: each table's rows, and its structure, as PostgreSQL's
 * own programs write it down where they are installed of its version, else as its catalogue says.
 */
record Content(Map<String, String> parts) {

    private static final String TABLES = """
            select format('%%I.%%I', n.nspname, c.relname) from pg_class c join pg_namespace n on n.oid = c.relnamespace
             where c.relkind = '%s' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
               and c.relispopulated order by 1""";

    private static final String ROWS =
            "select count(*) || ' ' || md5(coalesce(string_agg(t::text, ',' order by t::text collate \"C\"), ''))"
                    + " from (select textin(record_out(x.*)) as t from only %s x) rows";

    private static final List<String> CATALOGUES = List.of(
            "pg_namespace",
            "pg_class",
            "pg_attribute",
            "pg_attrdef",
            "pg_constraint",
            "pg_index",
            "pg_proc",
            "pg_trigger",
            "pg_policy",
            "pg_rewrite",
            "pg_type",
            "pg_enum",
            "pg_range",
            "pg_sequence",
            "pg_extension",
            "pg_description",
            "pg_default_acl",
            "pg_init_privs",
            "pg_inherits",
            "pg_partitioned_table",
            "pg_statistic_ext",
            "pg_collation",
            "pg_cast",
            "pg_operator",
            "pg_opclass",
            "pg_opfamily",
            "pg_aggregate",
            "pg_language",
            "pg_event_trigger",
            "pg_foreign_server",
            "pg_foreign_table",
            "pg_user_mapping",
            "pg_publication",
            "pg_publication_rel",
            "pg_largeobject_metadata",
            "pg_ts_config",
            "pg_ts_dict",
            "pg_conversion",
            "pg_seclabel");

    /** What changes by itself: figures of vacuum and analyze. */
    private static final String FIGURES =
            "relpages|reltuples|relallvisible|relallfrozen|relfrozenxid|relminmxid|relhasindex";

    /** Of an open database. */
    static Content of(Ground ground, String database) throws SQLException, IOException {
        Map<String, String> parts = new TreeMap<>();
        for (String table : ground.list(database, TABLES.formatted("r"))) {
            parts.put("rows of " + table, rows(ground, database, table));
        }
        for (String view : ground.list(database, TABLES.formatted("m"))) {
            parts.put("materialized rows of " + view, rows(ground, database, view));
        }
        parts.put(
                "large objects",
                String.join(
                        ",",
                        ground.list(
                                database,
                                "select format('%s %s %s', oid, lomacl, md5(lo_get(oid))) from pg_largeobject_metadata order by oid")));
        if (ground.kind() == Ground.Kind.ARCHIVE) {
            parts.put("structure", dump(ground, database));
        } else {
            for (String catalogue : CATALOGUES) {
                String query = "select to_jsonb(c)::text from " + catalogue + " c order by 1";
                parts.put(
                        catalogue,
                        String.join(
                                "\n",
                                ground.list(database, query).stream()
                                        .map(row -> row.replaceAll("\"(" + FIGURES + ")\": [^,}]*,? ?", ""))
                                        .toList()));
            }
        }
        return new Content(parts);
    }

    private static String rows(Ground ground, String database, String table) throws SQLException {
        return ground.list(database, ROWS.formatted(table)).getFirst();
    }

    /** Of a closed one, which stays closed: a copy is looked at. */
    static Content ofClosed(Ground ground, String database) throws SQLException, IOException {
        ground.execute("postgres", "create database looked_into template \"" + database + "\" strategy file_copy");
        try {
            return of(ground, "looked_into");
        } finally {
            ground.execute("postgres", "drop database looked_into with (force)");
        }
    }

    /** The names of the parts that differ, with the first place in which they do. */
    List<String> differences(Content other) {
        List<String> found = new ArrayList<>();
        Map<String, String> all = new TreeMap<>(parts);
        all.putAll(other.parts);
        for (String part : all.keySet()) {
            String here = parts.getOrDefault(part, "(nothing)");
            String there = other.parts.getOrDefault(part, "(nothing)");
            if (!here.equals(there)) found.add(part + ": " + firstDifference(here, there));
        }
        return found;
    }

    private static String firstDifference(String here, String there) {
        List<String> before = new ArrayList<>(here.lines().toList());
        List<String> after = new ArrayList<>(there.lines().toList());
        List<String> gone = new ArrayList<>(before);
        gone.removeAll(after);
        after.removeAll(before);
        return "was " + gone.stream().findFirst().orElse("-") + ", is "
                + after.stream().findFirst().orElse("-") + " (" + gone.size() + ", " + after.size() + ")";
    }

    private static String dump(Ground ground, String database) throws IOException {
        ProcessBuilder program = new ProcessBuilder(
                ground.kind().program("pg_dump").toString(),
                "--schema-only",
                "--host=" + ground.server().host(),
                "--port=" + ground.server().port(),
                "--username=" + ground.server().superuser(),
                "--",
                database);
        program.environment().put("PGPASSWORD", ground.server().password());
        Process process = program.redirectErrorStream(true).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (ended(process) != 0) throw new IOException("pg_dump cannot write down " + database + ": " + text);
        // since its releases of August 2025 pg_dump frames its output with a random word
        return text.replaceAll("(?m)^\\\\(un)?restrict .*$", "");
    }

    private static int ended(Process process) throws IOException {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
