package dev.ripcord.rollback.method.down;

import dev.ripcord.databases.PgSession;
import dev.ripcord.rollback.method.down.DownPlan.Entry;
import dev.ripcord.rollback.method.down.DownPlan.Guard;
import dev.ripcord.rollback.method.down.DownPlan.Next;
import io.vertx.sqlclient.Row;
import java.util.List;
import java.util.Optional;
import liquibase.changelog.ChangeSet;
import org.jspecify.annotations.Nullable;

/** What {@code databasechangelog} and {@code databasechangeloglock} say. */
record LiquibaseRows(StateTable table, Optional<StateTable> lock) {

    static final String TABLE = "databasechangelog";

    /** A change set that was run, or marked as run. */
    record Ran(
            String id,
            String author,
            String file,
            String type,
            @Nullable String checksum,
            @Nullable String tag) {

        /** The only name that no other one has. */
        String name() {
            return file + "::" + id + "::" + author;
        }

        /** By its id, its whole name or its tag. */
        boolean is(String wanted) {
            return id.equals(wanted) || wanted.equals(tag) || name().equals(wanted);
        }

        /** A change set that was only marked did nothing that could be undone. */
        boolean marked() {
            return type.equals("MARK_RAN") || type.equals("SKIPPED");
        }
    }

    static LiquibaseRows find(PgSession session, @Nullable String configured) {
        StateTable table = StateTable.one(
                        session, configured, TABLE, "id", "author", "filename", "orderexecuted", "exectype", "md5sum")
                .orElseThrow(() -> Refusal.restore("there is no table " + TABLE));
        return new LiquibaseRows(
                table,
                StateTable.all(session, "databasechangeloglock", "locked").stream()
                        .filter(each -> each.schema().equals(table.schema()))
                        .findFirst());
    }

    /** Newest first. */
    List<Ran> ran(PgSession session) {
        return session
                .query("select id, author, filename, exectype, md5sum, " + (table.has("tag") ? "tag" : "null::text")
                        + " as tag from " + table.name() + " order by orderexecuted desc, dateexecuted desc")
                .stream()
                .map(row -> new Ran(
                        row.getString("id"),
                        row.getString("author"),
                        row.getString("filename"),
                        row.getString("exectype"),
                        row.getString("md5sum"),
                        row.getString("tag")))
                .toList();
    }

    /** Whoever holds the lock works, or died: which of the two a person must see. */
    void refuseLocked(PgSession session) {
        if (lock.isEmpty()) return;
        List<Row> held = session.query(
                "select coalesce(lockedby, 'somebody') as who, coalesce(lockgranted::text, 'an unknown time') as since"
                        + " from " + lock.get().name() + " where locked");
        if (held.isEmpty()) return;
        throw new Refusal(
                "Liquibase's lock is held by " + Shown.name(held.getFirst().getString("who")) + " since "
                        + held.getFirst().getString("since")
                        + "; if nobody works there, it is stale and released with: liquibase release-locks",
                Next.retry);
    }

    /** The row stays locked until the end of the transaction: nobody begins to migrate meanwhile. */
    List<Guard> guards() {
        return lock.map(each -> List.of(new Guard(
                        "select coalesce(bool_and(not locked), true) from (select locked from " + each.name()
                                + " for update) l",
                        "Liquibase's lock was taken since the plan was made")))
                .orElse(List.of());
    }

    Entry undone(Ran ran) {
        return Entry.of(
                "delete from " + table.name() + " where id = $1 and author = $2 and filename = $3",
                ran.id(),
                ran.author(),
                ran.file());
    }

    Entry applied(ChangeSet changeSet, String checksum) {
        return Entry.of(
                "insert into " + table.name() + " (id, author, filename, dateexecuted, orderexecuted, exectype, md5sum)"
                        + " select $1::text, $2::text, $3::text, now(), coalesce(max(orderexecuted), 0) + 1, 'EXECUTED', $4::text from "
                        + table.name(),
                changeSet.getId(),
                changeSet.getAuthor(),
                changeSet.getFilePath(),
                checksum);
    }
}
