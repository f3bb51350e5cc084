package dev.ripcord.databases;

import java.util.List;

/** {@code databases.yaml} is not valid; each problem names file, line and field. */
public class InvalidDatabasesException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public InvalidDatabasesException(List<String> problems) {
        super(String.join(System.lineSeparator(), problems));
    }
}
