package dev.ripcord.rollback.decision;

import dev.ripcord.databases.EnrolledDatabase.Environment;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A line of {@code decision-table.csv}. */
record TableRow(String says, Facts facts, String decision, String rule, List<Rung> ladder) {

    static final Overruling INSISTS = new Overruling("anna", "the board wants it");

    static List<TableRow> all() {
        try (InputStream file = Objects.requireNonNull(TableRow.class.getResourceAsStream("decision-table.csv"))) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .skip(2)
                    .map(line -> of(line.split("\\|", -1)))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static TableRow of(String[] cells) {
        Set<String> flags = words(cells[8]).collect(Collectors.toSet());
        Facts facts = new Facts(
                Environment.valueOf(cells[1]),
                cells[2].isEmpty() ? null : Rung.valueOf(cells[2]),
                words(cells[3]).map(Signal::valueOf).collect(Collectors.toSet()),
                MigrationState.valueOf(cells[4]),
                MigrationKind.valueOf(cells[5]),
                cells[6].isEmpty() ? null : Duration.parse(cells[6]),
                cells[7].isEmpty() ? null : Long.valueOf(cells[7]),
                !flags.contains("noSnapshot"),
                !flags.contains("noScripts"),
                flags.contains("freeze"),
                flags.contains("overruled") ? INSISTS : null);
        return new TableRow(
                cells[0],
                facts,
                cells[9],
                cells[10],
                words(cells[11]).map(Rung::valueOf).toList());
    }

    private static Stream<String> words(String cell) {
        return Arrays.stream(cell.split(" ")).filter(word -> !word.isEmpty());
    }

    @Override
    public String toString() {
        return facts.environment() + ": " + says;
    }
}
