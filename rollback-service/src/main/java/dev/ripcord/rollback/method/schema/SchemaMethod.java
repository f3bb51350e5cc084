package dev.ripcord.rollback.method.schema;

import dev.ripcord.events.Plan;
import dev.ripcord.events.TableLoss;
import dev.ripcord.rollback.core.Rung;
import dev.ripcord.rollback.method.Draft;
import dev.ripcord.rollback.method.Effect;
import dev.ripcord.rollback.method.Ground;
import dev.ripcord.rollback.method.Method;
import dev.ripcord.rollback.method.down.VersionNote;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The structure as it was at the snapshot, with the rows that are there now. */
@Singleton
class SchemaMethod implements Method {

    private static final Duration LOCK = Duration.ofSeconds(3);
    private static final Pattern NAME_OR_ROWS = Pattern.compile("\"(?:[^\"]|\"\")*+\"|(?:about )?\\d[\\d,.]* rows?\\b");

    @Override
    public Rung rung() {
        return Rung.schema;
    }

    @Override
    public boolean readsCopy() {
        return true;
    }

    @Override
    public Draft draft(Ground ground) {
        return switch (SchemaDifference.between(ground.live(), ground.copy())) {
            case SchemaDifference.Same same -> new Draft.Nothing("the structure is that of the snapshot");
            case SchemaDifference.NotDerivable not ->
                new Draft.NotAvailable(not.refusals().stream()
                        .map(refusal -> refusal.object() + ": " + refusal.reason())
                        .collect(Collectors.joining("; ")));
            case SchemaDifference.Derived derived -> new Draft.Ready(lines(derived), loss(derived));
        };
    }

    private static List<String> lines(SchemaDifference.Derived derived) {
        List<String> lines = new ArrayList<>();
        derived.changes().forEach(change -> lines.add(change.step()));
        derived.notes().forEach(note -> lines.add("-- " + note));
        return lines;
    }

    private static List<TableLoss> loss(SchemaDifference.Derived derived) {
        List<TableLoss> loss = new ArrayList<>();
        for (Change change : derived.changes()) {
            if (!(change instanceof Change.Statement statement)) continue;
            Change.Lost lost = statement.loses();
            if (lost != null && lost.table() != null) loss.add(lost.table());
        }
        return loss;
    }

    @Override
    public Effect act(Ground ground, Plan plan) {
        if (!(SchemaDifference.between(ground.live(), ground.copy()) instanceof SchemaDifference.Derived derived)
                || !unnumbered(lines(derived)).equals(unnumbered(plan.steps()))) {
            return new Effect.Outdated("the structure differs in another way by now");
        }
        VersionNote version = new VersionNote(ground.recordedVersion());
        return switch (SchemaChange.apply(
                ground.live(), ground.copy(), derived, LOCK, ground.bracket().andBeforeTheEnd(version::putRight))) {
            case SchemaChange.Applied applied -> {
                Effect.Done done = new Effect.Done(
                        derived.changes().size() + " changes, " + applied.millis() + " ms", loss(derived));
                yield version.note().map(done::and).orElse(done);
            }
            case SchemaChange.Failed failed -> new Effect.NotDone(failed.reason() + ", at: " + failed.statement());
        };
    }

    /**
     * What is said of the changes, but for the numbers of rows, which grow while the application writes. A name keeps its
     * digits: one with spaces is quoted.
     */
    private static List<String> unnumbered(List<String> lines) {
        return lines.stream()
                .filter(line -> !line.startsWith("-- "))
                .map(line -> NAME_OR_ROWS
                        .matcher(line)
                        .replaceAll(found ->
                                found.group().startsWith("\"") ? Matcher.quoteReplacement(found.group()) : "# rows"))
                .toList();
    }
}
