package dev.ripcord.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The account the database server runs under: this user's own, or {@code nobody} for root, whom PostgreSQL refuses. */
final class ServerAccount {

    private static final int NOBODY = 65534;
    private static final List<String> AS_NOBODY = List.of("--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups");

    private final boolean root;

    private ServerAccount(boolean root) {
        this.root = root;
    }

    static ServerAccount current() {
        if (userId() == 0 && TiedCommand.setpriv().isEmpty()) {
            throw new CannotStartException(
                    "PostgreSQL does not run as root, and setpriv (package util-linux) is missing to"
                            + " start it as nobody: install it, or start this as an ordinary user");
        }
        return new ServerAccount(userId() == 0);
    }

    /** The numeric id of the user this JVM runs as; -1 for an ordinary user where the system does not tell. */
    static int userId() {
        if (!Files.exists(Path.of("/proc/self"))) return "root".equals(System.getProperty("user.name")) ? 0 : -1;
        try {
            return (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A command that runs to its end under the account. */
    List<String> command(List<String> command) {
        if (!root) return command;
        List<String> whole = new ArrayList<>();
        whole.add(TiedCommand.setpriv().orElseThrow().toString());
        whole.addAll(AS_NOBODY);
        whole.addAll(command);
        return whole;
    }

    /** A command that runs under the account until it is told to end, with a signal of its own should this JVM die. */
    List<String> tiedCommand(String signal, List<String> command) {
        return TiedCommand.of(signal, root ? AS_NOBODY : List.of(), command);
    }

    /** A folder that only the account can read, made if absent. */
    void ownFolder(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        own(folder);
    }

    /** Gives a file, or a folder with all in it, to the account. */
    void own(Path path) throws IOException {
        if (!root) return;
        try (Stream<Path> all = Files.walk(path)) {
            for (Path each : (Iterable<Path>) all::iterator) {
                if ((int) Files.getAttribute(each, "unix:uid", LinkOption.NOFOLLOW_LINKS) == NOBODY) continue;
                Files.setAttribute(each, "unix:uid", NOBODY, LinkOption.NOFOLLOW_LINKS);
                Files.setAttribute(each, "unix:gid", NOBODY, LinkOption.NOFOLLOW_LINKS);
            }
        }
    }

    /**
     * Makes a folder that the account may pass through. Its parents must already allow that, except those inside the
     * system's temporary folder, which are opened for passing through (not for listing).
     */
    void reachableFolder(Path folder) throws IOException {
        Files.createDirectories(folder);
        if (!root) return;
        Path temporary = Path.of(System.getProperty("java.io.tmpdir")).toRealPath();
        allowPassing(folder);
        for (Path parent = folder.toRealPath(); parent != null; parent = parent.getParent()) {
            if (passable(parent)) continue;
            if (!parent.startsWith(temporary) || parent.equals(temporary)) throw closed(parent);
            allowPassing(parent);
        }
    }

    private static CannotStartException closed(Path parent) {
        return new CannotStartException(
                "PostgreSQL runs as nobody where the launcher is root, and nobody may not enter " + parent
                        + ": choose a folder elsewhere, for example below " + UserFolder.path());
    }

    private static boolean passable(Path folder) throws IOException {
        return Files.getPosixFilePermissions(folder).contains(PosixFilePermission.OTHERS_EXECUTE)
                || (int) Files.getAttribute(folder, "unix:uid") == NOBODY;
    }

    private static void allowPassing(Path folder) throws IOException {
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(folder);
        if (permissions.add(PosixFilePermission.OTHERS_EXECUTE)) Files.setPosixFilePermissions(folder, permissions);
    }
}
