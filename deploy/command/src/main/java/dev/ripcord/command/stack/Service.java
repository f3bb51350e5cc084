package dev.ripcord.command.stack;

/** The four services. */
public enum Service {
    SNAPSHOT("snapshot", 8081),
    ROLLBACK("rollback", 8082),
    VERIFIER("verifier", 8083),
    NOTIFIER("notifier", 8084);

    private final String title;
    private final int usualPort;

    Service(String title, int usualPort) {
        this.title = title;
        this.usualPort = usualPort;
    }

    /** Its name in messages and of its folder, for example {@code snapshot-service}. */
    public String title() {
        return title + "-service";
    }

    /** The port it has where none is configured. */
    public int usualPort() {
        return usualPort;
    }
}
