package dev.ripcord.snapshot.provider.archive;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.ripcord.databases.ManifestComparison;
import dev.ripcord.events.KafkaBinding;
import dev.ripcord.events.Manifest;
import dev.ripcord.snapshot.core.Taken;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The archives of one database in a folder: one folder each, with the files of pg_dump and the manifest. An archive appears
 * under its name when it is complete and on the disk; unfinished ones have names of their own, one for each attempt.
 */
final class FolderStore {

    private static final String ARCHIVE = "archive";
    private static final String MANIFEST = "manifest.json";
    private static final String NOTED = "noted.json";
    private static final String UNFINISHED = ".partial-";

    private static final int NAMED = 10;

    private final Path folder;

    /** The store of the database with this id. */
    FolderStore(Path store, String database) {
        this.folder = store.resolve(database).toAbsolutePath();
    }

    /** The figures of a complete archive, if there is one. */
    Optional<Taken> taken(String snapshot) {
        Path file = folder.resolve(snapshot).resolve(MANIFEST);
        if (!Files.exists(file)) return Optional.empty();
        try {
            Manifest manifest = manifest(snapshot);
            Duration took = Duration.between(
                    manifest.takenAt(), Files.getLastModifiedTime(file).toInstant());
            return Optional.of(new Taken(
                    manifest.takenAt(), bytes(manifest), Math.max(0, took.toMillis()), 0, manifest.properties()));
        } catch (IOException e) {
            throw away(e);
        }
    }

    /** The size of all its files. */
    private static long bytes(Manifest manifest) {
        return manifest.files().stream().mapToLong(Manifest.File::bytes).sum();
    }

    /**
     * The manifest of a complete archive.
     *
     * @throws IllegalStateException if it is no manifest any more
     */
    Manifest manifest(String snapshot) {
        byte[] text = manifestFile(snapshot);
        try {
            return KafkaBinding.JSON.readValue(text, Manifest.class);
        } catch (IOException e) {
            throw new IllegalStateException("the archive is damaged: " + noManifest(e), e);
        }
    }

    /** What was noted with a complete archive; empty where an earlier version has taken it, which noted nothing. */
    Optional<Noted> noted(String snapshot) {
        Path file = folder.resolve(snapshot).resolve(NOTED);
        if (Files.notExists(file)) return Optional.empty();
        try {
            return Optional.of(KafkaBinding.STORED.readValue(Files.readAllBytes(file), Noted.class));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the archive is damaged: " + NOTED + " was changed", e);
        } catch (IOException e) {
            throw away(e);
        }
    }

    private byte[] manifestFile(String snapshot) {
        try {
            return Files.readAllBytes(folder.resolve(snapshot).resolve(MANIFEST));
        } catch (IOException e) {
            throw away(e);
        }
    }

    private static String noManifest(IOException failure) {
        return MANIFEST + " was changed: it cannot be read (" + failure.getMessage() + ")";
    }

    /** What it says of a file often is the file's name alone. */
    private static UncheckedIOException away(IOException failure) {
        return new UncheckedIOException(
                "the store cannot be used: " + failure + "; see to it on the machine of the snapshot service", failure);
    }

    /** Where pg_restore finds a complete archive. */
    Path archive(String snapshot) {
        return folder.resolve(snapshot).resolve(ARCHIVE);
    }

    /** An empty place for a new attempt; those of earlier attempts are removed, one that has overtaken this one is not. */
    Path begin(String snapshot, long attempt) {
        try {
            removeUnfinished(snapshot, attempt);
            return Files.createDirectories(unfinished(snapshot, attempt)).resolve(ARCHIVE);
        } catch (IOException e) {
            throw away(e);
        }
    }

    /** Names, sizes and digests of the files that pg_dump wrote. */
    static List<Manifest.File> files(Path archive) {
        try (Stream<Path> found = Files.list(archive)) {
            List<Manifest.File> files = new ArrayList<>();
            for (Path file : found.sorted().toList()) {
                files.add(new Manifest.File(String.valueOf(file.getFileName()), Files.size(file), sha256(file)));
            }
            return files;
        } catch (IOException e) {
            throw away(e);
        }
    }

    /**
     * What is wrong with a complete archive, one line each: its files and its manifest are as they were written.
     *
     * @throws UncheckedIOException if it is not there, as where the store is not mounted, or cannot be read
     */
    List<String> damages(String snapshot, Manifest manifest) {
        Path archive = archive(snapshot);
        if (!Files.isDirectory(archive)) {
            if (Files.isReadable(folder.resolve(snapshot).resolve(MANIFEST))) return List.of("its archive is missing");
            throw new UncheckedIOException(
                    "the archive is not in the store, or not to be seen: " + archive
                            + "; mount the store, and where snapshot.store was changed, move the archive there from the old one",
                    new NoSuchFileException(archive.toString()));
        }
        List<Manifest.File> expected = manifest.files();
        List<Manifest.File> found = files(archive);
        List<String> damages = new ArrayList<>();
        manifestDamage(snapshot, manifest).ifPresent(damages::add);
        for (Manifest.File file : expected) {
            if (found.contains(file)) continue;
            damages.add(found.stream()
                    .filter(other -> other.name().equals(file.name()))
                    .findFirst()
                    .map(other -> file.name() + " was changed: " + file.bytes() + " bytes with SHA-256 " + file.sha256()
                            + " expected, found " + other.bytes() + " bytes with " + other.sha256())
                    .orElse(file.name() + " is missing"));
        }
        found.stream()
                .filter(file -> expected.stream().noneMatch(each -> each.name().equals(file.name())))
                .forEach(file -> damages.add(file.name() + " does not belong to the archive"));
        return damages;
    }

    private Optional<String> manifestDamage(String snapshot, Manifest expected) {
        if (Files.notExists(folder.resolve(snapshot).resolve(MANIFEST))) return Optional.of(MANIFEST + " is missing");
        byte[] text = manifestFile(snapshot);
        Manifest found;
        try {
            found = KafkaBinding.JSON.readValue(text, Manifest.class);
        } catch (IOException e) {
            return Optional.of(noManifest(e));
        }
        if (found.equals(expected)) return Optional.empty();
        String differences = ManifestComparison.all(expected, found).stream()
                .limit(NAMED)
                .map(each -> each.subject() + " (expected " + each.expected() + ", found " + each.found() + ")")
                .collect(Collectors.joining(", "));
        return Optional.of(MANIFEST + " was changed" + (differences.isEmpty() ? "" : ": " + differences));
    }

    /** Completes an attempt, whose own files pg_dump has brought to the disk; where another attempt was first, that one counts. */
    void complete(String snapshot, long attempt, Manifest manifest, Noted noted) {
        Path unfinished = unfinished(snapshot, attempt);
        try {
            write(unfinished.resolve(NOTED), noted);
            write(unfinished.resolve(MANIFEST), manifest);
            onDisk(unfinished);
            Files.move(unfinished, folder.resolve(snapshot), StandardCopyOption.ATOMIC_MOVE);
            onDisk(folder);
        } catch (DirectoryNotEmptyException | FileAlreadyExistsException e) {
            remove(unfinished);
        } catch (IOException e) {
            throw away(e);
        }
    }

    private static void write(Path file, Object content) throws IOException {
        KafkaBinding.JSON.writerWithDefaultPrettyPrinter().writeValue(file.toFile(), content);
        onDisk(file);
    }

    /** Removes what this attempt has written; what another one has completed stays. */
    void abandon(String snapshot, long attempt) {
        remove(unfinished(snapshot, attempt));
    }

    /** Removes an archive with its unfinished attempts; does nothing where there is none. */
    void remove(String snapshot) {
        try {
            removeUnfinished(snapshot, Long.MAX_VALUE);
        } catch (IOException e) {
            throw away(e);
        }
        remove(folder.resolve(snapshot));
    }

    private Path unfinished(String snapshot, long attempt) {
        return folder.resolve(snapshot + UNFINISHED + attempt);
    }

    private void removeUnfinished(String snapshot, long upTo) throws IOException {
        if (!Files.isDirectory(folder)) return;
        String prefix = snapshot + UNFINISHED;
        try (Stream<Path> all = Files.list(folder)) {
            for (Path path : all.toList()) {
                String name = String.valueOf(path.getFileName());
                if (name.startsWith(prefix) && Long.parseLong(name.substring(prefix.length())) <= upTo) remove(path);
            }
        }
    }

    private static void remove(Path tree) {
        if (!Files.exists(tree)) return;
        try (Stream<Path> all = Files.walk(tree)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(path);
        } catch (IOException e) {
            throw away(e);
        }
    }

    /** What the power goes off after is there when it is back: a file's content, a folder's names. */
    private static void onDisk(Path path) throws IOException {
        try (FileChannel opened = FileChannel.open(path, StandardOpenOption.READ)) {
            opened.force(true);
        }
    }

    private static String sha256(Path file) throws IOException {
        try (InputStream bytes = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            new DigestInputStream(bytes, digest).transferTo(java.io.OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
