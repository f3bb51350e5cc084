package dev.ripcord.command;

/** What a command was to find out could not be asked, where its exit status 1 is an answer: it ends with {@value #STATUS}. */
public final class NotAskedException extends CommandFailedException {
    private static final long serialVersionUID = 1;

    /** The exit status. */
    public static final int STATUS = 3;

    public NotAskedException(CommandFailedException why) {
        super(String.valueOf(why.getMessage()), why);
    }
}
