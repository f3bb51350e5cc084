package dev.ripcord.command.stack;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import dev.ripcord.embedded.CannotStartException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;

/**
 * Secrets in files that only their owner can read, drawn when they are first asked for.
 *
 * @param folder of the files, made if absent
 */
public record SecretFiles(Path folder) {

    /** The file of a secret, which is drawn if there is none yet. */
    public Path file(String name) {
        Path file = folder.resolve(name).toAbsolutePath();
        return written(file) ? file : write(name, drawn());
    }

    private static boolean written(Path file) {
        try {
            return Files.exists(file) && Files.size(file) > 0;
        } catch (IOException e) {
            throw new CannotStartException("cannot look at the secret " + file + ": " + e, e);
        }
    }

    /** Makes sure that secrets can be written where one of them is missing, for whoever must not fail half way. */
    public void requireWritable(Collection<String> needed) {
        if (!needed.stream().allMatch(name -> written(folder.resolve(name)))) requireWritable();
    }

    /** The same where they are drawn anew. */
    public void requireWritable() {
        try {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            Files.delete(Files.createTempFile(folder, "writable-", ""));
        } catch (IOException e) {
            throw new CannotStartException("cannot write secrets to " + folder + ": " + e, e);
        }
    }

    /** Draws a secret anew. */
    public void renew(String name) {
        write(name, drawn());
    }

    /** The secret itself. */
    public String read(String name) {
        try {
            return Files.readString(file(name)).strip();
        } catch (IOException e) {
            throw new CannotStartException("cannot read the secret " + folder.resolve(name) + ": " + e, e);
        }
    }

    /** Writes a secret that was chosen elsewhere; its file. */
    public Path write(String name, String secret) {
        Path file = folder.resolve(name).toAbsolutePath();
        try {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            Path unfinished = folder.resolve(name + ".unfinished").toAbsolutePath();
            Files.deleteIfExists(unfinished);
            Files.createFile(
                    unfinished, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(unfinished, secret + "\n");
            return Files.move(unfinished, file, ATOMIC_MOVE, REPLACE_EXISTING);
        } catch (IOException e) {
            throw new CannotStartException("cannot write the secret " + file + ": " + e, e);
        }
    }

    /** Writes a tokens file for people whose tokens are here: one for each role, named after it. */
    public void writeTokens(Path tokens, List<String> roles) {
        List<String> lines = new ArrayList<>(List.of("# name role sha256-of-token"));
        for (String role : roles) lines.add(role + " " + role + " " + sha256(read(role + ".token")));
        try {
            Files.write(tokens, lines);
        } catch (IOException e) {
            throw new CannotStartException("cannot write " + tokens + ": " + e, e);
        }
    }

    private static String drawn() {
        byte[] random = new byte[24];
        new SecureRandom().nextBytes(random);
        return HexFormat.of().formatHex(random);
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
