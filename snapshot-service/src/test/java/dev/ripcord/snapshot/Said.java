package dev.ripcord.snapshot;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What a package says in the log from now on, as far as it contains some words. */
public final class Said extends Handler implements AutoCloseable {

    private final Logger logger;
    private final String words;
    private final List<String> lines = new CopyOnWriteArrayList<>();

    public Said(Class<?> one, String words) {
        this.logger = Logger.getLogger(one.getPackageName());
        this.words = words;
        logger.addHandler(this);
    }

    /** So far, oldest first. */
    public List<String> lines() {
        return lines;
    }

    @Override
    public void publish(LogRecord line) {
        if (line.getMessage().contains(words)) lines.add(line.getMessage());
    }

    @Override
    public void flush() {
        // nothing is held back
    }

    @Override
    public void close() {
        logger.removeHandler(this);
    }
}
