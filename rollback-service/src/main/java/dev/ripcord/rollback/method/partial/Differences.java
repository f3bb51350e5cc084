package dev.ripcord.rollback.method.partial;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Which rows of one table differ, and where they lie: in a file of its own, so that memory stays small whatever their number. */
final class Differences implements AutoCloseable {

    /** What has to be done with a row. */
    enum Kind {
        /** It came after the snapshot. */
        DELETE,
        /** It changed in place. */
        UPDATE,
        /** It changed and moved to another partition. */
        MOVE,
        /** It changed in a column whose values another row may hold now: the old one goes before any new one comes. */
        REPLACE,
        /** It was deleted after the snapshot. */
        INSERT
    }

    /**
     * One row.
     *
     * @param live where it lies in the live table, null for one that is to be inserted
     * @param copy where it lies in the copy, null for one that is to be deleted
     * @param kept the live row's text, where columns of it stay although the row is replaced
     */
    record Difference(
            Kind kind,
            @Nullable RowId live,
            @Nullable RowId copy,
            @Nullable String kept) {}

    private static final RowId NONE = new RowId(0, 0);

    private final Path file;
    private final DataOutputStream out;
    private final long[] counts = new long[Kind.values().length];

    Differences() {
        try {
            file = Files.createTempFile("ripcord-differences-", "");
            out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file), 1 << 16));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void add(Kind kind, @Nullable RowId live, @Nullable RowId copy, @Nullable String kept) {
        try {
            out.writeByte(kind.ordinal());
            write(live == null ? NONE : live);
            write(copy == null ? NONE : copy);
            byte[] bytes = kept == null ? new byte[0] : kept.getBytes(StandardCharsets.UTF_8);
            out.writeInt(bytes.length);
            out.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        counts[kind.ordinal()]++;
    }

    private void write(RowId row) throws IOException {
        out.writeLong(row.leaf());
        out.writeLong(row.tid());
    }

    long count(Kind kind) {
        return counts[kind.ordinal()];
    }

    long changed() {
        return count(Kind.UPDATE) + count(Kind.MOVE) + count(Kind.REPLACE);
    }

    boolean none() {
        return count(Kind.DELETE) + changed() + count(Kind.INSERT) == 0;
    }

    /** Hands out all differences of these kinds, at most {@code size} at a time. */
    void each(Set<Kind> kinds, int size, Consumer<List<Difference>> batches) {
        if (kinds.stream().allMatch(kind -> count(kind) == 0)) return;
        try {
            out.flush();
            try (DataInputStream in =
                    new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16))) {
                List<Difference> batch = new ArrayList<>();
                for (Difference next = read(in); next != null; next = read(in)) {
                    if (!kinds.contains(next.kind())) continue;
                    batch.add(next);
                    if (batch.size() == size) {
                        batches.accept(batch);
                        batch = new ArrayList<>();
                    }
                }
                if (!batch.isEmpty()) batches.accept(batch);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static @Nullable Difference read(DataInputStream in) throws IOException {
        int kind;
        try {
            kind = in.readByte();
        } catch (EOFException e) {
            return null;
        }
        RowId live = new RowId(in.readLong(), in.readLong());
        RowId copy = new RowId(in.readLong(), in.readLong());
        byte[] kept = in.readNBytes(in.readInt());
        return new Difference(
                Kind.values()[kind],
                live.equals(NONE) ? null : live,
                copy.equals(NONE) ? null : copy,
                kept.length == 0 ? null : new String(kept, StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        try {
            out.close();
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
