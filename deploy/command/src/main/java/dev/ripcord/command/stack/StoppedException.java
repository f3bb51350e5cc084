package dev.ripcord.command.stack;

/** The stack was asked to stop while something was under way: not a failure. */
public class StoppedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public StoppedException() {
        super("stopped");
    }
}
