package dev.ripcord.command.follow;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/** Tells a person what happens, each line with the time since the start. */
public final class Narrator {

    private static final int WIDTH = 160;

    private final PrintStream out;
    private final long began = System.nanoTime();

    public Narrator(PrintStream out) {
        this.out = out;
    }

    /** Something this program does now. */
    public void step(String text) {
        line("", text);
    }

    /** Something the suite said. */
    public void event(String type, String detail) {
        line("  ", String.format(Locale.ROOT, "%-24s %s", type, detail));
    }

    /** A line without a time. */
    public void plain(String text) {
        out.println(text);
    }

    private void line(String indent, String text) {
        double seconds = Duration.ofNanos(System.nanoTime() - began).toMillis() / 1000.0;
        String line = String.format(Locale.ROOT, "%8.3f s  %s%s", seconds, indent, text);
        out.println(line.length() > WIDTH ? line.substring(0, WIDTH - 1) + "…" : line);
    }
}
