package dev.ripcord.command.operate;

import dev.ripcord.command.CommandFailedException;
import dev.ripcord.command.stack.StackFolder;
import dev.ripcord.events.KafkaBinding;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Who runs the stack of a data folder: a lock, which ends with its process however that ends, and a file that says which
 * process it is and where everything listens.
 */
record Running(Path folder) {

    private static final long AGAIN_MILLIS = 50;

    /**
     * What is written down of a stack.
     *
     * @param addresses by what is there, in the order to print; nothing before it is up
     */
    record Card(long pid, Map<String, String> addresses) {}

    /** Holds the folder for this process until it ends; empty where another one does, and goes on doing so. */
    Optional<FileLock> hold(Duration within) throws InterruptedException {
        long until = System.nanoTime() + within.toNanos();
        Optional<FileLock> lock = hold();
        while (lock.isEmpty() && System.nanoTime() < until) {
            TimeUnit.MILLISECONDS.sleep(AGAIN_MILLIS);
            lock = hold();
        }
        return lock;
    }

    private Optional<FileLock> hold() {
        try {
            Files.createDirectories(folder);
            FileChannel channel = FileChannel.open(
                    folder.resolve(StackFolder.LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            @Nullable FileLock lock = channel.tryLock();
            if (lock == null) channel.close();
            return Optional.ofNullable(lock);
        } catch (IOException e) {
            throw new CommandFailedException("cannot use " + folder + ": " + e, e);
        }
    }

    /** Whether some process holds it now. */
    boolean held() {
        if (!Files.exists(folder.resolve(StackFolder.LOCK))) return false;
        Optional<FileLock> lock = hold();
        if (lock.isEmpty()) return true;
        try {
            lock.get().acquiredBy().close();
        } catch (IOException e) {
            throw new CommandFailedException("cannot use " + folder + ": " + e, e);
        }
        return false;
    }

    /** The card of the stack that is up, if one is. */
    Optional<Card> card() {
        return written().filter(card -> !card.addresses().isEmpty());
    }

    /** Who has written that he runs a stack here, or starts one; nobody who has his number and came after that. */
    Optional<ProcessHandle> process() throws IOException {
        Optional<Card> card = written();
        if (card.isEmpty()) return Optional.empty();
        Instant at = Files.getLastModifiedTime(file()).toInstant();
        return ProcessHandle.of(card.get().pid())
                .filter(process ->
                        process.info().startInstant().filter(at::isAfter).isPresent());
    }

    private Optional<Card> written() {
        try {
            if (!held() || !Files.exists(file())) return Optional.empty();
            return Optional.of(KafkaBinding.JSON.readValue(file().toFile(), Card.class));
        } catch (IOException e) {
            throw new CommandFailedException("cannot read " + file() + ": " + e, e);
        }
    }

    void write(Card card) throws IOException {
        Path unfinished = folder.resolve("running.json.unfinished");
        KafkaBinding.JSON.writerWithDefaultPrettyPrinter().writeValue(unfinished.toFile(), card);
        Files.move(unfinished, file(), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }

    void remove() {
        try {
            Files.deleteIfExists(file());
        } catch (IOException e) {
            throw new CommandFailedException("cannot remove " + file() + ": " + e, e);
        }
    }

    private Path file() {
        return folder.resolve("running.json");
    }
}
