package dev.ripcord.events;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a database held at one moment, in a form that another database can be compared with.
 *
 * @param systemIdentifier the server it was taken on ({@code pg_control_system()})
 * @param serverVersion for example {@code 18.6}
 * @param databaseName the name it had on the server
 * @param takenAt when it was computed
 * @param schemaFingerprint SHA-256 over every object of the schema, hexadecimal
 * @param tables content of each table, materialized view and the large objects
 * @param objects every object of the schema with a hash of its definition; empty where there are more than 10,000
 * @param sequences last values
 * @param properties of the database itself, which a copy does not carry: owner, grants, settings, limit, comment,
 *     encoding, collation
 * @param migrationVersion what the migration tool's own table says, null where no known table was found
 * @param files of an archive, empty for a clone
 * @param orphans rows that broke a validated foreign key already, for each key that had some; null where nobody counted
 */
public record Manifest(
        String systemIdentifier,
        String serverVersion,
        String databaseName,
        Instant takenAt,
        String schemaFingerprint,
        List<Table> tables,
        List<SchemaObject> objects,
        List<Sequence> sequences,
        Map<String, String> properties,
        @Nullable String migrationVersion,
        List<File> files,

        @JsonInclude(JsonInclude.Include.NON_EMPTY) @Nullable
        List<Orphans> orphans) {

    public Manifest {
        tables = List.copyOf(tables);
        objects = List.copyOf(objects);
        sequences = List.copyOf(sequences);
        properties = Map.copyOf(properties);
        files = List.copyOf(files);
        orphans = orphans == null ? List.of() : List.copyOf(orphans);
    }

    /** One whose foreign keys nobody has looked at. */
    public Manifest(
            String systemIdentifier,
            String serverVersion,
            String databaseName,
            Instant takenAt,
            String schemaFingerprint,
            List<Table> tables,
            List<SchemaObject> objects,
            List<Sequence> sequences,
            Map<String, String> properties,
            @Nullable String migrationVersion,
            List<File> files) {
        this(
                systemIdentifier,
                serverVersion,
                databaseName,
                takenAt,
                schemaFingerprint,
                tables,
                objects,
                sequences,
                properties,
                migrationVersion,
                files,
                null);
    }

    /** The same, of that moment. */
    public Manifest at(Instant moment) {
        return new Manifest(
                systemIdentifier,
                serverVersion,
                databaseName,
                moment,
                schemaFingerprint,
                tables,
                objects,
                sequences,
                properties,
                migrationVersion,
                files,
                orphans);
    }

    /** The same, with the rows that break a foreign key. */
    public Manifest with(List<Orphans> counted) {
        return new Manifest(
                systemIdentifier,
                serverVersion,
                databaseName,
                takenAt,
                schemaFingerprint,
                tables,
                objects,
                sequences,
                properties,
                migrationVersion,
                files,
                counted);
    }

    @Override
    public List<Orphans> orphans() {
        return orphans == null ? List.of() : orphans;
    }

    /**
     * The rows of one table.
     *
     * @param name schema-qualified and quoted
     * @param kind {@code table}, {@code unlogged}, {@code materialized view} or {@code large objects}
     * @param rows how many
     * @param hash sum over all rows of {@code hashtextextended(row::text, 0)}: the same for any order of the rows
     */
    public record Table(String name, String kind, long rows, String hash) {}

    /**
     * One object of the schema.
     *
     * @param kind for example {@code column}, {@code index}, {@code policy}
     * @param name qualified as far as needed to be unique within its kind
     * @param hash MD5 of its definition in a canonical form, hexadecimal
     */
    public record SchemaObject(String kind, String name, String hash) {}

    /**
     * One sequence.
     *
     * @param name schema-qualified and quoted
     * @param lastValue the last number given out, null where none was
     */
    public record Sequence(String name, @Nullable Long lastValue) {}

    /**
     * One file of an archive.
     *
     * @param name relative to the archive's folder
     * @param sha256 hexadecimal
     */
    public record File(String name, long bytes, String sha256) {}

    /**
     * Rows that refer to nothing, although their foreign key is validated: written while triggers were held back.
     *
     * @param foreignKey the qualified table that refers, a space, and the constraint's name; quoted
     * @param referenced the qualified table that lacks the rows
     * @param rows how many refer to nothing
     */
    public record Orphans(String foreignKey, String referenced, long rows) {}
}
