package dev.ripcord.rollback.method.down;

import dev.ripcord.databases.EnrolledDatabase.Tool;
import dev.ripcord.databases.RefusedException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The migrations as they were put away before the new release came: what a way back is planned from, because the release
 * that is rolled back may have taken its own files with it.
 *
 * @param files in the order of their paths
 */
public record Bundle(Tool tool, List<File> files) {

    /** The most that all files together may hold, in bytes. */
    public static final int LIMIT = 512 * 1024;

    public Bundle {
        files = List.copyOf(files);
    }

    /**
     * One file.
     *
     * @param path relative to the folder, with {@code /} between names
     * @param sha256 of its bytes, hexadecimal
     * @param text its content, which is UTF-8
     */
    public record File(String path, String sha256, String text) {

        /** A file with the hash of what it holds. */
        public static File of(String path, String text) {
            return new File(path, hash(text), text);
        }

        String name() {
            return path.substring(path.lastIndexOf('/') + 1);
        }

        String folder() {
            return path.substring(0, Math.max(0, path.lastIndexOf('/')));
        }
    }

    /**
     * The same bundle, of which it is known that nobody altered it.
     *
     * @throws RefusedException naming the file that is not what its hash says, or whose path leads elsewhere
     */
    public Bundle verified() {
        problem().ifPresent(problem -> {
            throw new RefusedException(problem);
        });
        return this;
    }

    Optional<String> problem() {
        Set<String> paths = new HashSet<>();
        long bytes = 0;
        for (File file : files) {
            String path = file.path();
            if (leadsElsewhere(path)) return Optional.of("path " + Shown.name(path) + " leads out of the bundle");
            if (!paths.add(path)) return Optional.of(Shown.name(path) + " is in the bundle twice");
            if (!hash(file.text()).equals(file.sha256())) {
                return Optional.of(Shown.name(path) + " is not the file that was put away: its hash differs");
            }
            bytes += file.text().getBytes(StandardCharsets.UTF_8).length;
        }
        return bytes > LIMIT
                ? Optional.of("the bundle holds " + bytes + " bytes, more than " + LIMIT)
                : Optional.empty();
    }

    /** One hash for the whole: over each path and the hash of its file. */
    public String sha256() {
        StringBuilder all = new StringBuilder(tool.name()).append('\n');
        files.forEach(file ->
                all.append(file.path()).append('\t').append(file.sha256()).append('\n'));
        return hash(all.toString());
    }

    private static boolean leadsElsewhere(String path) {
        if (path.isEmpty() || path.length() > 512 || path.indexOf('\\') >= 0 || path.indexOf(':') >= 0) return true;
        if (path.chars().anyMatch(Character::isISOControl)) return true;
        for (String part : path.split("/", -1)) {
            if (part.isEmpty() || part.equals(".") || part.equals("..")) return true;
        }
        return false;
    }

    static String hash(String text) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
