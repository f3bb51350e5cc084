package dev.ripcord.rollback.method.down;

import dev.ripcord.databases.DatabaseFailure;
import dev.ripcord.databases.PgSession;
import dev.ripcord.rollback.method.down.DownPlan.Entry;
import dev.ripcord.rollback.method.down.VersionTable.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes a tool's version table say what it said when the snapshot was taken: after a restore that left or lost its rows. */
public final class VersionRepair {

    /** How it ended. */
    public sealed interface Outcome {

        /** The table says what was recorded. */
        record AsRecorded() implements Outcome {}

        /** It does now. */
        record Repaired(String table, String from, String to) implements Outcome {}

        /** It cannot be made to, and nothing was changed. */
        record NotPossible(String reason) implements Outcome {}
    }

    private final PgSession session;
    private final Kind kind;
    private final String recorded;

    private VersionRepair(PgSession session, Kind kind, String recorded) {
        this.session = session;
        this.kind = kind;
        this.recorded = recorded;
    }

    /**
     * Puts it right, in one transaction.
     *
     * @param recorded a manifest's migration version: the table's name and what it said; null where there was none
     * @throws DatabaseFailure if the connection is lost
     */
    public static Outcome putRight(PgSession session, @Nullable String recorded) {
        session.execute("begin");
        boolean done = false;
        try {
            Outcome outcome = within(session, recorded);
            session.execute("commit");
            done = true;
            return outcome;
        } finally {
            if (!done) session.execute("rollback");
        }
    }

    /** As {@link #putRight}, in the transaction that the session is in; where it is not possible, nothing is changed. */
    public static Outcome within(PgSession session, @Nullable String recorded) {
        if (recorded == null) {
            return VersionTable.read(session).isEmpty()
                    ? new Outcome.AsRecorded()
                    : new Outcome.NotPossible("the snapshot recorded no migration version");
        }
        return of(session, recorded)
                .map(VersionRepair::run)
                .orElseGet(() -> new Outcome.NotPossible(
                        "no tool keeps its version in " + Shown.name(recorded.split(" ", 2)[0])));
    }

    /** Whether the table says what was recorded; only reads. */
    static boolean asRecorded(PgSession session, String recorded) {
        return of(session, recorded)
                .filter(repair -> repair.tables().stream()
                        .findFirst()
                        .filter(table -> repair.said(table).equals(repair.recorded))
                        .isPresent())
                .isPresent();
    }

    private static Optional<VersionRepair> of(PgSession session, String recorded) {
        String[] words = recorded.split(" ", 2);
        String version = words.length < 2 || words[1].equals("null") ? "" : words[1];
        return Stream.of(Kind.values())
                .filter(kind -> kind.relation.equals(words[0]))
                .findFirst()
                .map(kind -> new VersionRepair(session, kind, version));
    }

    private Outcome run() {
        session.execute("savepoint version_table");
        try {
            Outcome outcome = repaired();
            session.execute("release savepoint version_table");
            return outcome;
        } catch (Refusal e) {
            return notPossible(String.valueOf(e.getMessage()));
        } catch (DatabaseFailure e) {
            if (e.sqlState() == null) throw e;
            return notPossible(String.valueOf(e.getMessage()));
        }
    }

    private Outcome notPossible(String reason) {
        session.execute("rollback to savepoint version_table; release savepoint version_table");
        return new Outcome.NotPossible(reason);
    }

    private Outcome repaired() {
        List<StateTable> tables = tables();
        String from = tables.isEmpty() ? "missing" : said(tables.getFirst());
        if (from.equals(recorded) && !tables.isEmpty()) return new Outcome.AsRecorded();
        if (tables.size() > 1) {
            throw Refusal.restore("which one was recorded is not known: "
                    + Shown.names(tables.stream().map(StateTable::name).toList()));
        }
        StateTable table = tables.isEmpty() ? made() : tables.getFirst();
        session.execute("lock table " + table.name() + " in share row exclusive mode");
        for (Entry entry : entries(table))
            session.query(entry.sql(), entry.parameters().toArray());
        String now = said(table);
        if (now.equals(recorded)) return new Outcome.Repaired(table.name(), from, now);
        throw Refusal.restore(table.name() + " has no row of version " + Shown.name(recorded));
    }

    /** The one that a manifest asks first. */
    private List<StateTable> tables() {
        return StateTable.all(session, kind.relation, kind.columns).stream()
                .sorted(Comparator.comparing(StateTable::name))
                .toList();
    }

    private String said(StateTable table) {
        String version = session.query("select (" + kind.newest(table) + ")::text as version")
                .getFirst()
                .getString("version");
        return version == null ? "" : version;
    }

    /** Only Alembic's table holds nothing that the version does not tell. */
    private StateTable made() {
        if (kind != Kind.ALEMBIC) throw Refusal.restore("there is no table " + kind.relation);
        String schema = session
                .query(
                        "select quote_ident(n.nspname) as name from pg_namespace n"
                                + " where n.nspname !~ '^pg_' and (n.nspname = any (string_to_array(replace(replace($1, '\"', ''), ' ', ''), ','))"
                                + " or n.nspname = 'public') order by n.nspname = 'public' limit 1",
                        StateTable.usualPath(session))
                .stream()
                .map(row -> row.getString("name"))
                .findFirst()
                .orElseThrow(() -> Refusal.restore("there is no schema for " + kind.relation));
        session.execute("create table " + schema + "." + kind.relation
                + " (version_num varchar(32) not null constraint alembic_version_pkc primary key)");
        // as whoever migrates would own it
        session.query(
                        "select format('alter table %s owner to %I', $1::text, pg_get_userbyid(datdba)) from pg_database"
                                + " where datname = current_database() and pg_has_role(datdba, 'member')",
                        schema + "." + kind.relation)
                .forEach(row -> session.execute(row.getString(0)));
        return StateTable.all(session, kind.relation, kind.columns).getFirst();
    }

    private List<Entry> entries(StateTable table) {
        return switch (kind) {
            case ALEMBIC -> alembic(table);
            case FLYWAY -> after(table, "version", "installed_rank", " and version is not null");
            case LIQUIBASE -> after(table, "concat(filename, '::', id, '::', author)", "orderexecuted", "");
            case DRIZZLE -> after(table, "hash", "id", "");
            case SCRIPTS -> scripts(table);
        };
    }

    private List<Entry> alembic(StateTable table) {
        List<Entry> entries = new ArrayList<>();
        entries.add(Entry.of("delete from " + table.name()));
        Stream.of(recorded.split(","))
                .filter(each -> !each.isEmpty())
                .forEach(each ->
                        entries.add(Entry.of("insert into " + table.name() + " (version_num) values ($1)", each)));
        return entries;
    }

    /**
     * Rows that were not there when the recorded one was the newest; all of them only where their table must have been empty.
     *
     * @param besides what else holds for the rows that are meant
     */
    private List<Entry> after(StateTable table, String version, String order, String besides) {
        if (recorded.isEmpty() && kind == Kind.FLYWAY) {
            throw Refusal.restore(
                    "the snapshot recorded no version, which does not tell which rows " + table.name() + " had");
        }
        if (recorded.isEmpty()) return List.of(Entry.of("delete from " + table.name()));
        return List.of(Entry.of(
                "delete from " + table.name() + " where " + order + " > (select max(" + order + ") from " + table.name()
                        + " where " + version + "::text = $1)" + besides,
                recorded));
    }

    private List<Entry> scripts(StateTable table) {
        List<Entry> entries = new ArrayList<>();
        ScriptEntries rows = new ScriptEntries(table, ScriptEntries.history(session, table));
        gone(table).forEach(version -> rows.toldAsUndone(version).ifPresent(entries::add));
        if (recorded.isEmpty() || table.has("dirty")) {
            entries.add(Entry.of("delete from " + table.name()));
        } else {
            entries.add(Entry.of(
                    "delete from " + table.name() + " where version > " + table.parameter(1, "version"), recorded));
        }
        if (recorded.isEmpty()) return entries;
        entries.add(rows.present(recorded));
        return entries;
    }

    /** The versions that the table will not have any more, in the order of their names. */
    private List<String> gone(StateTable table) {
        String newer = recorded.isEmpty() ? "$1 = ''" : "version > " + table.parameter(1, "version");
        return session
                .query(
                        "select version::text as version from " + table.name() + " where " + newer + " order by 1",
                        recorded)
                .stream()
                .map(row -> row.getString("version"))
                .toList();
    }
}
