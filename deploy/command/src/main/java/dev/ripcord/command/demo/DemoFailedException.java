package dev.ripcord.command.demo;

/** The demo cannot go on; the message says what was waited for or refused. */
class DemoFailedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    DemoFailedException(String message) {
        super(message);
    }
}
