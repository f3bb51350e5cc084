package dev.ripcord.rollback.method.schema;

import dev.ripcord.databases.Deparsed;
import io.vertx.sqlclient.Row;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** One part of a schema, as fine as a single statement can make it; the columns are explained in {@code prelude.sql}. */
record Part(
        String kind,
        String name,
        int stage,
        String addr,
        @Nullable String inside,
        List<String> needs,
        @Nullable String definition,
        @Nullable List<String> creates,
        @Nullable List<String> sets,
        @Nullable String shape,
        List<String> drops) {

    static Part of(Row row) {
        String kind = row.getString("kind");
        String definition = row.getString("definition");
        // it can be made again where it is, so that one which only reads otherwise does no harm
        boolean exact = kind.equals("function") || kind.equals("procedure");
        return new Part(
                kind,
                row.getString("name"),
                row.getInteger("stage"),
                row.getString("addr"),
                row.getString("inside"),
                List.of(row.getArrayOfStrings("needs")),
                definition == null || exact ? definition : Deparsed.settled(definition),
                list(row, "creates"),
                list(row, "sets"),
                row.getString("shape"),
                List.of(row.getArrayOfStrings("drops")));
    }

    private static @Nullable List<String> list(Row row, String column) {
        String[] texts = row.getArrayOfStrings(column);
        if (texts == null || texts.length > 0 && texts[0] == null) return null;
        return List.of(texts);
    }

    String key() {
        return kind + " " + name;
    }

    boolean is(String kind) {
        return this.kind.equals(kind);
    }

    boolean holdsRows() {
        return is("table") || is("column");
    }

    /** Whether it is as the other one. */
    boolean same(Part other) {
        return Objects.equals(definition, other.definition);
    }

    /** Whether it can be made of the other one without being dropped. */
    boolean settableFrom(Part live) {
        return sets != null && shape != null && shape.equals(live.shape);
    }

    /** The same part after something it mentions was renamed. */
    Part renamed(UnaryOperator<String> name) {
        return new Part(
                kind,
                name.apply(this.name),
                stage,
                addr,
                inside,
                needs,
                definition == null ? null : name.apply(definition),
                creates == null ? null : creates.stream().map(name).toList(),
                sets == null ? null : sets.stream().map(name).toList(),
                shape,
                drops.stream().map(name).toList());
    }
}
