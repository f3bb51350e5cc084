package dev.ripcord.databases;

import dev.ripcord.databases.lexer.SqlText;
import dev.ripcord.events.Script;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The scripts that build a database anew, in the order in which they are run: the baseline, then the seeds, each folder in
 * the order of its file names, in which numbers count by their value. Files that undo something ({@code *.down.sql},
 * {@code *.undo.sql}, {@code *.rollback.sql}, {@code U7__name.sql}) are left out.
 */
public final class RebuildScripts {

    private static final Pattern PART = Pattern.compile("[0-9]+|[^0-9]+");
    private static final Pattern UNDOES =
            Pattern.compile("(?i).*\\.(down|undo|rollback)\\.sql|U[0-9][0-9._]*__.*\\.sql");

    private RebuildScripts() {}

    /** One of them with what it says. */
    public record Content(Script script, String sql) {}

    /**
     * Reads them all, each statement fit to be run in the transaction of its script.
     *
     * @throws RefusedException if a folder or file cannot be read, there is none, or a statement cannot be run
     */
    public static List<Content> read(EnrolledDatabase database) {
        EnrolledDatabase.Rebuild rebuild = database.rebuild();
        if (rebuild == null) {
            throw new RefusedException("databases.yaml names no scripts that build " + database.id()
                    + " anew: expected rebuild.baseline, a folder");
        }
        List<Content> scripts = new ArrayList<>(folder("baseline", rebuild.baseline()));
        if (scripts.isEmpty()) {
            throw new RefusedException("there is no script in the baseline folder " + rebuild.baseline()
                    + ": expected files that end with .sql");
        }
        if (rebuild.seeds() != null) scripts.addAll(folder("seeds", rebuild.seeds()));
        return List.copyOf(scripts);
    }

    /** What stands in the place of a snapshot's id: another one as soon as a script, or their order, is another. */
    public static String digest(List<Script> scripts) {
        MessageDigest digest = sha256();
        for (Script script : scripts) {
            digest.update((script.name() + '\0' + script.sha256() + '\n').getBytes(StandardCharsets.UTF_8));
        }
        return HexFormat.of().formatHex(digest.digest(), 0, 8);
    }

    private static List<Content> folder(String kind, Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            List<Content> contents = new ArrayList<>();
            for (Path file : files.filter(RebuildScripts::isMeant)
                    .sorted((one, other) -> order(name(one), name(other)))
                    .toList()) {
                contents.add(content(kind + "/" + name(file), Files.readAllBytes(file)));
            }
            return contents;
        } catch (IOException e) {
            throw new RefusedException("the " + kind + " folder " + folder + " cannot be read: " + e);
        }
    }

    private static boolean isMeant(Path file) {
        String name = name(file);
        return name.endsWith(".sql")
                && !name.startsWith(".")
                && Files.isRegularFile(file)
                && !UNDOES.matcher(name).matches();
    }

    private static Content content(String name, byte[] bytes) {
        String sql;
        try {
            sql = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new RefusedException(name + " is not UTF-8");
        }
        for (SqlText.Statement statement : SqlText.cut(sql)) {
            OneTransaction.unfit(statement).ifPresent(why -> {
                throw new RefusedException(name + ": " + shown(statement.text()) + " " + why);
            });
        }
        return new Content(new Script(name, HexFormat.of().formatHex(sha256().digest(bytes))), sql);
    }

    /** The first line of a statement, for messages. */
    public static String shown(String statement) {
        String line = statement.strip().lines().findFirst().orElse("");
        return line.length() > 100 ? line.substring(0, 100) + "…" : line;
    }

    /** By what stands before two underscores, the version, and then by the rest. */
    static int order(String one, String other) {
        int versions = natural(version(one), version(other));
        return versions == 0 ? natural(one, other) : versions;
    }

    private static String version(String name) {
        String bare = name.substring(0, name.length() - ".sql".length());
        int end = bare.indexOf("__");
        return end < 0 ? bare : bare.substring(0, end);
    }

    /** Numbers by their value, all else by its letters. */
    private static int natural(String one, String other) {
        Matcher ones = PART.matcher(one);
        Matcher others = PART.matcher(other);
        while (true) {
            String left = ones.find() ? ones.group() : null;
            String right = others.find() ? others.group() : null;
            if (left == null && right == null) return one.compareTo(other);
            if (left == null) return -1;
            if (right == null) return 1;
            boolean numbers = Character.isDigit(left.charAt(0)) && Character.isDigit(right.charAt(0));
            int order = numbers ? new BigInteger(left).compareTo(new BigInteger(right)) : left.compareTo(right);
            if (order != 0) return order;
        }
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
