package dev.ripcord.delivery.people;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * The people and systems that may use the HTTP interface: a file with a line {@code name role sha256-of-token} for each;
 * {@code #} begins a comment. It is read at each use, so that a changed file takes effect at once.
 */
final class TokensFile {

    private final Path path;

    TokensFile(Path path) {
        this.path = path;
    }

    /** Someone the file names. */
    record Listed(Person person, byte[] digest) {}

    /** Whose token this is, if anybody's. */
    Optional<Person> owner(String token) {
        byte[] digest = sha256(token);
        return people().stream()
                .filter(listed -> MessageDigest.isEqual(listed.digest(), digest))
                .map(Listed::person)
                .findFirst();
    }

    /**
     * Everybody in the file.
     *
     * @throws IllegalStateException if the file cannot be read, or naming the line that is wrong
     */
    List<Listed> people() {
        List<String> lines;
        try {
            lines = Files.readAllLines(path);
        } catch (IOException e) {
            throw new IllegalStateException("The tokens file " + path + " (ripcord.tokens) cannot be read: " + e, e);
        }
        List<Listed> people = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (!line.isEmpty() && !line.startsWith("#")) people.add(listed(line, i + 1));
        }
        return people;
    }

    private Listed listed(String line, int number) {
        String[] fields = line.split("\\s+");
        try {
            if (fields.length == 3 && fields[2].length() == 64) {
                return new Listed(
                        new Person(fields[0], Role.valueOf(fields[1])),
                        HexFormat.of().parseHex(fields[2]));
            }
        } catch (IllegalArgumentException e) {
            // falls through to the message, which says what is expected
        }
        throw new IllegalStateException(path + ":" + number
                + ": expected `name role sha256-of-token`, role one of viewer, requester, approver, administrator");
    }

    private static byte[] sha256(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
