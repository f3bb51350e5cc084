package dev.ripcord.snapshot.provider.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ripcord.databases.DatabaseFailure;
import dev.ripcord.snapshot.provider.archive.ClientProcess.FailedException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
                "pg_restore: error: could not execute query: ERROR:  could not open file \"base/1/2\": Permission denied",
            })
    void what_is_said_of_the_archive_is_not(String line) {
        assertThatThrownBy(() -> end(line))
                .hasMessageContaining(line)
                .isInstanceOfSatisfying(
                        FailedException.class,
                        failure -> assertThat(failure.ofAFile()).isFalse());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pg_restore: error: could not open input file \"/store/shop/one/archive/3398.dat.gz\": Permission denied",
                "pg_restore: error: could not read from input file: Input/output error",
                "pg_restore: error: could not create worker process: Resource temporarily unavailable",
            })
    void what_is_said_of_this_machine_is_not_said_of_the_archive(String line) {
        assertThatThrownBy(() -> end(line))
                .hasMessageContaining(line)
                .isInstanceOfSatisfying(
                        FailedException.class,
                        failure -> assertThat(failure.ofAFile()).isTrue());
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

    @ParameterizedTest
    @CsvSource({
        "'pg_restore: error: COPY failed for table \"a\": ERROR:  could not extend file \"base/5/1\": No space left on device', 53100",
        "'pg_restore: error: could not execute query: ERROR:  could not extend file \"base/5/1\": wrote only 4096 of 8192 bytes at block 3', 53100",
        "'pg_restore: error: could not execute query: ERROR:  cannot execute CREATE TABLE in a read-only transaction', 25006",
    })
    void a_server_without_room_or_that_only_reads_is_no_fault_of_the_archive(String line, String state) {
        assertThatThrownBy(() -> end(line)).isInstanceOfSatisfying(DatabaseFailure.class, failure -> {
            assertThat(failure).hasMessageContaining(line);
            assertThat(failure.sqlState()).isEqualTo(state);
            assertThat(failure.ofTheServer()).isTrue();
        });
    }

    /** Lines in which {@code Ada} stands for a value. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "ERROR:  invalid input syntax for type integer: \"Ada\"",
                "ERROR:  value \"Ada\" is out of range for type integer",
                "ERROR:  Ada is no mail address\nHINT:  Ask Ada.",
                "ERROR:  invalid input syntax for type json\nDETAIL:  Token \"Ada\" is invalid.\nCONTEXT:  JSON data, line 1: Ada",
                "ERROR:  invalid input value for enum public.mood: \"glad\nAda\"",
                "ERROR:  syntax error at or near \"x\"\nLINE 1: select Ada\n               ^\nQUERY:  select Ada\nor Ada",
                "FEHLER:  ungültige Eingabesyntax für Typ integer: »Ada«",
            })
    void what_an_error_quotes_of_rows_is_not_repeated(String said) {
        for (String item : List.of("0 16386 TABLE DATA people", "1259 16390 INDEX by_mail", "2606 1 CONSTRAINT key")) {
            assertThatThrownBy(() -> end("pg_restore: warning: Ada stays\npg_restore: WARNING:  noted of Ada\nAda"
                            + "\npg_restore: from TOC entry 7; " + item + " owner\n"
                            + "pg_restore: error: could not execute query: " + said
                            + "\nCommand was: CREATE INDEX by_mail"))
                    .isInstanceOf(FailedException.class)
                    .hasMessageEndingWith("Command was: CREATE INDEX by_mail")
                    .message()
                    .startsWith("sh ended with status 1: pg_restore: warning: Ada stays | pg_restore: from TOC entry 7")
                    .satisfies(message -> assertThat(message.substring(60)).doesNotContain("Ada"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ERROR:  new row for relation \"people\" violates check constraint \"adult\"",
                "ERROR:  could not create unique index \"people_mail_key\"",
                "ERROR:  insert or update on table \"lines\" violates foreign key constraint \"lines_orders_fkey\"",
                "ERROR:  permission denied for table rates",
                "ERROR:  function bounded(integer) does not exist",
                "ERROR:  canceling statement due to lock timeout",
                "FATAL:  terminating connection due to administrator command",
                "server closed the connection unexpectedly",
            })
    void what_says_which_object_it_is_about_is_repeated(String said) {
        String line = "pg_restore: error: COPY failed for table \"people\": " + said;
        assertThatThrownBy(() -> end(line)).hasMessageContaining(line);
    }

    @Test
    void what_is_wrong_with_a_definition_is_repeated_whole() {
        String said = """
                pg_restore: from TOC entry 7; 1255 16390 FUNCTION of_the_server() shop_owner
                pg_restore: error: could not execute query: ERROR:  unrecognized parameter: "strict_ly"
                LINE 1: CREATE FUNCTION of_the_server() strict_ly
                HINT:  Look at it.
                Command was: CREATE FUNCTION""";
        assertThatThrownBy(() -> end(said)).hasMessageEndingWith(said.replace("\n", " | "));
    }

    /** A program that says this and fails. */
    private static void end(String line) throws FailedException {
        List<String> arguments = List.of("-c", "printf '%s\\n' \"$0\" >&2; exit 1", line);
        try (ClientProcess process = ClientProcess.local(Path.of("/bin/sh"), arguments, Duration.ofMinutes(1))) {
            process.await();
        }
    }
}
