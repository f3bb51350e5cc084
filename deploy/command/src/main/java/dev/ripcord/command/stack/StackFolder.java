package dev.ripcord.command.stack;

import dev.ripcord.embedded.CannotStartException;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Everything one stack keeps: the two servers' data, logs, secrets and the services' configuration.
 *
 * @param root absolute
 */
public record StackFolder(Path root) {

    /** The file by which who runs a stack holds its folder. */
    public static final String LOCK = "lock";

    /** A new one below the system's folder for temporary files. */
    public static StackFolder temporary(String name) {
        try {
            Path root = Files.createTempDirectory("ripcord-" + name + "-");
            return new StackFolder(prepared(root.toRealPath()));
        } catch (IOException e) {
            throw new CannotStartException(
                    "cannot make a folder in " + System.getProperty("java.io.tmpdir") + ": " + e.getMessage(), e);
        }
    }

    /**
     * One that stays, made if absent. One that is there and holds something else is left as it is.
     *
     * @throws CannotStartException where it is not empty and no stack's
     */
    public static StackFolder at(Path root) {
        try {
            boolean made = !Files.exists(root);
            Files.createDirectories(root);
            Path real = root.toRealPath();
            Path lock = real.resolve(LOCK);
            if (Files.exists(lock)) return new StackFolder(real);
            if (!empty(real)) {
                throw new CannotStartException("the folder " + root
                        + " holds something else: name an empty one, or one that is not there yet");
            }
            if (made) prepared(real);
            else if ("root".equals(System.getProperty("user.name"))) letThrough(real);
            Files.createFile(lock); // from now on it is a stack's
            return new StackFolder(real);
        } catch (IOException e) {
            throw new CannotStartException("cannot use the folder " + root + ": " + e, e);
        }
    }

    private static boolean empty(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.findAny().isEmpty();
        }
    }

    /** Without it the account of the database server does not reach what is in it. */
    private static void letThrough(Path folder) throws IOException {
        Set<PosixFilePermission> now = Files.getPosixFilePermissions(folder);
        if (now.add(PosixFilePermission.OTHERS_EXECUTE)) Files.setPosixFilePermissions(folder, now);
    }

    /** Passable for the account of the database server, readable for the owner alone. */
    private static Path prepared(Path root) throws IOException {
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx--x--x"));
        return root;
    }

    public Path postgres() {
        return root.resolve("postgres");
    }

    public Path kafka() {
        return root.resolve("kafka");
    }

    public Path log(String of) {
        return root.resolve("logs").resolve(of + ".log");
    }

    public Path secrets() {
        return root.resolve("secrets");
    }

    public Path databases() {
        return root.resolve("databases.yaml");
    }

    public Path tokens() {
        return root.resolve("tokens");
    }

    /**
     * Makes sure that there is room.
     *
     * @throws CannotStartException saying how much is missing, and where
     */
    public void requireSpace(long bytes) {
        try {
            FileStore disk = Files.getFileStore(root);
            long free = disk.getUsableSpace();
            if (free >= bytes) return;
            throw new CannotStartException("Not enough space on the disk of " + root + ": " + (bytes >> 20)
                    + " MB are needed, " + (free >> 20)
                    + " MB are free. Make room, or choose another disk (for the demo"
                    + " with the environment variable TMPDIR)");
        } catch (IOException e) {
            throw new CannotStartException("cannot tell how much space is free in " + root + ": " + e.getMessage(), e);
        }
    }

    /** Removes it with all in it. */
    public void delete() {
        try {
            Files.walkFileTree(root, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.deleteIfExists(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                    if (e instanceof NoSuchFileException) return FileVisitResult.CONTINUE;
                    throw e;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e) throws IOException {
                    Files.deleteIfExists(folder);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new CannotStartException("cannot remove " + root + ": " + e + "; remove it by hand", e);
        }
    }
}
