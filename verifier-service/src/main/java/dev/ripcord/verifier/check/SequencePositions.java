package dev.ripcord.verifier.check;

import dev.ripcord.databases.PgSession;
import dev.ripcord.events.Manifest;
import dev.ripcord.events.VerificationEvent.Finding;
import dev.ripcord.verifier.verification.Check;
import dev.ripcord.verifier.verification.Context;
import io.vertx.sqlclient.Row;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * No sequence stands before where the manifest has it: a number that was given out is not given out again. Where content
 * is compared, each stands exactly there.
 */
@Singleton
class SequencePositions implements Check {

    @Override
    public String name() {
        return "sequences";
    }

    /** A statement keeps a lock of each sequence that it reads, and the server has not many. */
    private static final int AT_ONCE = 1_000;

    private static final String POSITIONS = """
            select format('%I.%I', n.nspname, c.relname) as name, s.seqincrement < 0 as downwards, s.seqcycle as cycle,
                   case when has_sequence_privilege(c.oid, 'SELECT, USAGE') then pg_sequence_last_value(c.oid) end as last_value
              from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_sequence s on s.seqrelid = c.oid
             where format('%I.%I', n.nspname, c.relname) = any($1)""";

    private record Position(@Nullable Long lastValue, boolean downwards, boolean cyclic) {}

    @Override
    public List<Finding> run(Context context) {
        List<String> names = context.manifest().sequences().stream()
                .map(Manifest.Sequence::name)
                .toList();
        Map<String, Position> there = context.ask(session -> positions(session, names));
        List<Finding> findings = new ArrayList<>();
        for (Manifest.Sequence wanted : context.manifest().sequences()) {
            Position found = there.get(wanted.name());
            if (found == null) {
                findings.add(new Finding(wanted.name(), expected(wanted, context.content()), "absent"));
            } else if (!holds(wanted.lastValue(), found, context.content())) {
                findings.add(new Finding(wanted.name(), expected(wanted, context.content()), value(found.lastValue())));
            }
        }
        return findings;
    }

    private static Map<String, Position> positions(PgSession session, List<String> names) {
        Map<String, Position> positions = new HashMap<>();
        for (int from = 0; from < names.size(); from += AT_ONCE) {
            List<String> some = names.subList(from, Math.min(names.size(), from + AT_ONCE));
            for (Row row : session.query(POSITIONS, (Object) some.toArray(String[]::new))) {
                positions.put(
                        row.getString("name"),
                        new Position(row.getLong("last_value"), row.getBoolean("downwards"), row.getBoolean("cycle")));
            }
        }
        return positions;
    }

    private static boolean holds(@Nullable Long wanted, Position found, boolean exactly) {
        if (exactly) return Objects.equals(wanted, found.lastValue());
        if (wanted == null || found.cyclic()) return true;
        Long there = found.lastValue();
        if (there == null) return false;
        return found.downwards() ? there <= wanted : there >= wanted;
    }

    private static String expected(Manifest.Sequence wanted, boolean exactly) {
        if (exactly) return value(wanted.lastValue());
        return wanted.lastValue() == null ? "present" : "at " + wanted.lastValue() + " or further";
    }

    private static String value(@Nullable Long lastValue) {
        return lastValue == null ? "no number given out" : "at " + lastValue;
    }
}
