package dev.ripcord.rollback.method.down;

import dev.ripcord.databases.EnrolledDatabase.Tool;
import dev.ripcord.databases.RefusedException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Reads a folder of migrations into a bundle. What a folder may not hold (a link, a device, more than
 * {@value Bundle#LIMIT} bytes, text that is not UTF-8) is refused, not left out; hidden and compiled files are left out.
 */
public final class BundleFolder extends SimpleFileVisitor<Path> {

    private static final int MANY = 5000;

    private final Path folder;
    private final List<Bundle.File> files = new ArrayList<>();
    private int room = Bundle.LIMIT;

    private BundleFolder(Path folder) {
        this.folder = folder;
    }

    /**
     * Reads it.
     *
     * @throws RefusedException naming what the folder may not hold
     */
    public static Bundle read(Tool tool, Path folder) {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            throw new RefusedException(folder + " is not a folder");
        }
        BundleFolder reading = new BundleFolder(folder);
        try {
            Files.walkFileTree(folder, reading);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        reading.files.sort(Comparator.comparing(Bundle.File::path));
        return new Bundle(tool, reading.files).verified();
    }

    @Override
    public FileVisitResult preVisitDirectory(Path each, BasicFileAttributes attributes) {
        return !each.equals(folder) && leftOut(each) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path each, BasicFileAttributes attributes) throws IOException {
        if (leftOut(each)) return FileVisitResult.CONTINUE;
        String path =
                folder.relativize(each).toString().replace(each.getFileSystem().getSeparator(), "/");
        if (attributes.isSymbolicLink()) throw new RefusedException(Shown.name(path) + " is a symbolic link");
        if (!attributes.isRegularFile()) throw new RefusedException(Shown.name(path) + " is not a regular file");
        if (files.size() == MANY) throw new RefusedException("the folder holds more than " + MANY + " files");
        byte[] bytes = bytes(each);
        room -= bytes.length;
        if (room < 0) throw new RefusedException("the folder holds more than " + Bundle.LIMIT + " bytes");
        files.add(Bundle.File.of(path, text(path, bytes)));
        return FileVisitResult.CONTINUE;
    }

    /** Not through a link, even one that took the file's place after it was looked at. */
    private byte[] bytes(Path each) throws IOException {
        try (InputStream in = Files.newInputStream(each, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            return in.readNBytes(room + 1);
        }
    }

    private static String text(String path, byte[] bytes) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            if (text.indexOf('\0') >= 0) {
                throw new RefusedException(Shown.name(path) + " holds a zero character, so it is no text");
            }
            return text;
        } catch (CharacterCodingException e) {
            throw new RefusedException(Shown.name(path) + " is not UTF-8 text");
        }
    }

    private static boolean leftOut(Path each) {
        String name = each.getFileName().toString();
        return name.startsWith(".") || name.equals("__pycache__") || name.endsWith(".pyc");
    }
}
