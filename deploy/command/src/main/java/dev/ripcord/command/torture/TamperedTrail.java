package dev.ripcord.command.torture;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ripcord.command.follow.ServiceClient;
import dev.ripcord.command.follow.ServiceClient.Answer;
import dev.ripcord.command.stack.Service;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Somebody who can do everything in the services' database changes the audit trail: one field of a record, a record less, one
 * more, two in the other's place, the end cut off, the rest written anew with fitting hashes. The last two show only by a
 * head that was kept elsewhere.
 */
final class TamperedTrail implements Trial {

    private static final List<String> FIELDS = List.of(
            "recorded_at = recorded_at + interval '1 microsecond'",
            "direction = case direction when 'heard' then 'said' else 'heard' end",
            "type = type || '.'",
            "event_id = event_id || ' '",
            "source = upper(source)",
            "database_id = database_id || '2'",
            "rollback = coalesce(rollback, '') || '-'",
            "actor = coalesce(actor, '') || 'x'",
            "document = replace(document, '\"', '\" ')",
            "previous = sha256(previous)",
            "hash = sha256(hash)");

    @Override
    public String name() {
        return "tampered-trail";
    }

    @Override
    public Ground.Kind ground() {
        return Ground.Kind.CLONE;
    }

    @Override
    public int runs(boolean quick) {
        return quick ? 100 : 1000;
    }

    @Override
    public void prepare(Ground ground) throws Exception {
        if (ground.number(Ground.STATE, "select count(*) from rollback.audit") >= 10) return;
        try (Story story = Story.broken(ground)) {
            story.request();
            Oracle.look(ground, story);
            story.settle();
        }
    }

    @Override
    public List<String> run(Ground ground, Run run) throws Exception {
        RandomGenerator random = run.random();
        JsonNode head = verified(ground, "").path("head");
        long length = head.path("position").asLong();
        long at = 1 + random.nextLong(length);
        String kept = "?position=" + length + "&hash=" + head.path("hash").asText();
        String change = change(random, at, length);
        JsonNode verdict;
        try (Connection connection = ground.server().connect(Ground.STATE);
                Statement statement = connection.createStatement()) {
            statement.execute("alter table rollback.audit disable trigger all");
            statement.execute("create table public.trail as select * from rollback.audit");
            try {
                statement.execute(change);
                verdict = verified(ground, kept);
            } finally {
                statement.execute(
                        "begin; delete from rollback.audit; insert into rollback.audit select * from public.trail;"
                                + " drop table public.trail; alter table rollback.audit enable always trigger audit_is_append_only; commit");
            }
        }
        if (!verdict.path("verdict").asText().equals("broken")) {
            return List.of("not noticed: " + change + ", the verdict is " + verdict);
        }
        return verified(ground, kept).path("verdict").asText().equals("intact")
                ? List.of()
                : List.of("found broken as it was before: " + change);
    }

    private static String change(RandomGenerator random, long at, long length) {
        String where = " where position = " + at;
        return switch (random.nextInt(16)) {
            case 0 -> "delete from rollback.audit" + where;
            case 1 -> "delete from rollback.audit where position >= " + at;
            case 2 ->
                "insert into rollback.audit select position + " + length
                        + ", recorded_at, direction, type, event_id, source, database_id, rollback, actor, document, previous, hash"
                        + " from rollback.audit" + where;
            case 3 ->
                "update rollback.audit a set document = b.document, type = b.type, event_id = b.event_id || 'x'"
                        + " from rollback.audit b where a.position = " + at + " and b.position = "
                        + (at % length + 1);
            case 4 -> rewritten(at);
            default -> "update rollback.audit set " + FIELDS.get(random.nextInt(FIELDS.size())) + where;
        };
    }

    /** From a changed record on, all hashes are computed again. */
    private static String rewritten(long from) {
        return """
            do $$ declare entry rollback.audit; before bytea; begin
                set local search_path = rollback;
                update rollback.audit set document = document || ' ' where position = %d;
                for entry in select * from rollback.audit where position >= %d order by position loop
                    entry.previous := coalesce(before, entry.previous);
                    entry.hash := rollback.audit_hash(entry);
                    before := entry.hash;
                    update rollback.audit set previous = entry.previous, hash = entry.hash where position = entry.position;
                end loop;
            end $$""".formatted(from, from);
    }

    private static JsonNode verified(Ground ground, String kept) throws IOException, SQLException {
        try (ServiceClient client = ground.client(Service.ROLLBACK)) {
            Answer answer = client.get("/audit/verify" + kept);
            if (answer.good()) return answer.body();
            throw new IllegalStateException("the trail is not verified: " + answer);
        }
    }
}
