package dev.ripcord.snapshot.provider.archive;

import dev.ripcord.databases.EnrolledDatabase.Role;
import dev.ripcord.databases.EnrolledDatabase.Server;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;

/** The password of one run of a client program, in a file that only this account can read; its name says whose process made it. */
final class PasswordFile {

    private static final String SUFFIX = ".pgpass";
    private static final Pattern NAME = Pattern.compile("ripcord-([0-9]{1,18})-.*\\.pgpass");
    private static final Path FOLDER = Path.of(System.getProperty("java.io.tmpdir"));

    private static final Logger LOG = Logger.getLogger(PasswordFile.class);

    private PasswordFile() {}

    static Path write(Server server, Role role) throws IOException {
        String line = String.join(
                ":",
                escaped(server.host()),
                String.valueOf(server.port()),
                "*",
                escaped(role.user()),
                escaped(role.password().resolve()));
        Path file = Files.createTempFile(
                FOLDER,
                "ripcord-" + ProcessHandle.current().pid() + "-",
                SUFFIX,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            return Files.writeString(file, line);
        } catch (IOException e) {
            Files.deleteIfExists(file);
            throw e;
        }
    }

    /** Removes those of processes that were killed. */
    static void removeLeftBehind() {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(FOLDER, "ripcord-*" + SUFFIX)) {
            for (Path file : files) removeIfLeftBehind(file);
        } catch (IOException e) {
            LOG.warnf("password files of an earlier process may be left in %s: %s", FOLDER, e);
        }
    }

    private static void removeIfLeftBehind(Path file) {
        try {
            if (leftBehind(file)) Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.warnf("password file %s of an earlier process may be left: %s", file, e);
        }
    }

    /** In a container the next process has the number of the one before. */
    private static boolean leftBehind(Path file) throws IOException {
        Matcher name = NAME.matcher(String.valueOf(file.getFileName()));
        if (!name.matches()) return false;
        ProcessHandle us = ProcessHandle.current();
        long pid = Long.parseLong(name.group(1));
        if (pid != us.pid()) return ProcessHandle.of(pid).isEmpty();
        Instant started = us.info().startInstant().orElse(Instant.EPOCH);
        return Files.getLastModifiedTime(file).toInstant().isBefore(started);
    }

    private static String escaped(String field) {
        return field.replace("\\", "\\\\").replace(":", "\\:");
    }
}
