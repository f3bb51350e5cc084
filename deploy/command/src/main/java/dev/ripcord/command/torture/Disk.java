package dev.ripcord.command.torture;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A small disk of its own, made of a file (ext4 on a loop device), that can be full. */
final class Disk implements AutoCloseable {

    private static final long SECONDS = 30;
    private static final long PIECE = 2 << 20;
    private static final int BLOCK = 4096;

    private final Path image;
    private final Path folder;

    private Disk(Path image, Path folder) {
        this.image = image;
        this.folder = folder;
    }

    /**
     * Mounts a new one.
     *
     * @param folder where; made if absent
     * @throws IOException saying what this machine does not allow
     */
    static Disk at(Path folder, int megabytes) throws IOException {
        Files.createDirectories(folder);
        Path image = folder.resolveSibling(folder.getFileName() + ".disk");
        Disk disk = new Disk(image, folder);
        try {
            run("truncate", "--size=" + megabytes + "M", image.toString());
            run("mkfs.ext4", "-q", "-F", "-m", "0", "-O", "^has_journal", image.toString());
            run("mount", "-o", "loop", image.toString(), folder.toString());
        } catch (IOException e) {
            Files.deleteIfExists(image);
            throw e;
        }
        return disk;
    }

    /** Leaves so many bytes free, and no more. */
    void fill(long bytes) throws IOException {
        long most = free() - bytes - PIECE;
        if (most > 0)
            run("fallocate", "--length", Long.toString(most), filler("most").toString());
        byte[] block = new byte[BLOCK];
        try (OutputStream rest = Files.newOutputStream(filler("rest"))) {
            for (long left = free() - bytes; left > 0; left -= BLOCK) rest.write(block);
        } catch (IOException e) {
            // it is full: the file system keeps some blocks for its own use
        }
    }

    /** Makes room again. */
    void makeRoom() throws IOException {
        Files.deleteIfExists(filler("most"));
        Files.deleteIfExists(filler("rest"));
    }

    long free() throws IOException {
        return Files.getFileStore(folder).getUsableSpace();
    }

    private Path filler(String part) {
        return folder.resolve("filler-" + part);
    }

    /** Takes it away, also from a program that still uses it. */
    @Override
    public void close() throws IOException {
        run("umount", "--lazy", folder.toString());
        Files.deleteIfExists(image);
    }

    private static void run(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        List<String> said = new ArrayList<>(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList());
        try {
            if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                said.add("took longer than " + SECONDS + " s");
            } else if (process.exitValue() == 0) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new IOException(String.join(" ", command) + ": " + String.join("; ", said));
    }
}
