package dev.ripcord.snapshot.provider.archive;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ripcord.databases.DatabaseFailure;
import dev.ripcord.snapshot.provider.archive.ClientProcess.FailedException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What client programs say, of which some passes. */
class ClientProcessTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pg_dump: error: connection to server at \"localhost\" (127.0.0.1), port 5432 failed: FATAL:  zu viele Verbindungen",
                "pg_restore: error: connection to server at \"db\" (10.0.0.1), port 5432 failed: Connection refused",
            })
    void who_is_not_let_in_waits(String line) {
        assertThatThrownBy(() -> end(line))
                .isInstanceOf(DatabaseFailure.class)
                .hasMessageContaining("ended with status 1: ")
                .hasMessageContaining(line);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pg_restore: error: could not execute query: FATAL:  Verbindung wird abgebrochen",
                "pg_restore: error: COPY failed for table \"orders\": FATAL:  terminating connection due to administrator command",
                "pg_restore: error: error returned by PQputCopyData: server closed the connection unexpectedly",
                "pg_dump: detail: Error message from server: server closed the connection unexpectedly",
                "pg_dump: error: query failed: SSL connection has been closed unexpectedly",
                "server closed the connection unexpectedly",
            })
    void whose_session_is_ended_tries_again_a_few_times(String line) {
        assertThatThrownBy(() -> end(line))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("ended with status 1: ")
                .hasMessageContaining(line);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pg_restore: error: could not execute query: ERROR:  function x() does not exist",
                "pg_restore: error: could not execute query: ERROR:  \"a: FATAL:  b\" is no number",
                "pg_restore: error: could not execute query: ERROR:  no connection to the server",
                "pg_restore: error: could not read from input file: end of file",
            })
    void what_is_said_of_the_archive_is_not(String line) {
        assertThatThrownBy(() -> end(line)).isInstanceOf(FailedException.class).hasMessageContaining(line);
    }

    @Test
    void what_a_server_quotes_of_rows_is_not_repeated() {
        String said = """
                pg_restore: error: COPY failed for table "people": ERROR:  new row violates check constraint "adult"
                DETAIL:  Failing row contains (1, Ada
                FATAL:  server closed the connection unexpectedly).
                CONTEXT:  COPY people, line 1: "1   Ada"
                HINT:  Look at it.
                Command was: COPY people""";
        assertThatThrownBy(() -> end(said))
                .isInstanceOf(FailedException.class)
                .hasMessageContainingAll("adult", "Look at it.", "COPY people")
                .hasMessageNotContainingAny("Ada", "FATAL", "line 1");
    }

    /** A program that says this and fails. */
    private static void end(String line) throws FailedException {
        List<String> arguments = List.of("-c", "printf '%s\\n' \"$0\" >&2; exit 1", line);
        try (ClientProcess process = ClientProcess.local(Path.of("/bin/sh"), arguments, Duration.ofMinutes(1))) {
            process.await();
        }
    }
}
