package dev.ripcord.snapshot.provider.archive;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a client program said last, to be told to everybody: what went wrong and with which object, and nothing of what the rows
 * hold. A server's error quotes them where a statement reads them, and a function of the application says what it likes.
 */
final class LastWords {

    private static final int MOST = 15;

    private static final String NOT_TOLD = "(what it says may be of a row: the server's log has it)";

    private static final Pattern OF_A_PROGRAM = Pattern.compile("pg_[a-z]+: ");

    /** What it says of a failure; the rest is its progress. */
    private static final Pattern OF_A_FAILURE =
            Pattern.compile("pg_[a-z]+: (?:(?:error|warning|detail|hint): |while |from )");

    /** What functions have noted. */
    private static final Pattern NOTED = Pattern.compile("pg_[a-z]+: [^\\s:]+:  ");

    /** The item whose statement fails is said first; the statements of these read rows. */
    private static final Pattern READS_ROWS = Pattern.compile(
            "pg_[a-z]+: (?:error: COPY failed for table "
                    + "|from TOC entry \\d+; \\d+ \\d+ (?:TABLE DATA|BLOBS?|BLOB METADATA|MATERIALIZED VIEW DATA|STATISTICS DATA|INDEX|(?:CHECK |FK )?CONSTRAINT) )");

    private static final Pattern OF_ROWS = Pattern.compile("(?:DETAIL|CONTEXT):  ");
    private static final Pattern OF_STATEMENT = Pattern.compile("QUERY:  |LINE \\d+: ");

    /** Begins what a server says, in its language. */
    private static final Pattern BY_SERVER = Pattern.compile("(.*?)([^\\s:]+):  (.*)");

    /** In these it speaks of the session. */
    private static final Pattern OF_SESSION = Pattern.compile("FATAL|PANIC");

    /** Words of PostgreSQL's own that are said of rows and quote none; nor do its hints then. */
    private static final Pattern NO_VALUE = Pattern.compile(String.join(
            "|",
            "(?:duplicate key value|conflicting key value|new row|null value in column|value for domain|insert or update on table|update or delete on table)\\b[^:]* violates [^:]*",
            "(?:check constraint|column) [^:]* of relation [^:]* (?:is violated by some row|contains null values)",
            "could not create (?:unique index|exclusion constraint) [^:]*",
            "no partition of relation [^:]* found for row",
            "(?:missing data for column [^:]*|extra data after last expected column)",
            "(?:relation|function|operator|type|schema|column|role|collation|language|text search [a-z]+) [^:]* (?:does not exist|is not unique)",
            "(?:permission denied for|must be owner of|cache lookup failed for) [^:]*",
            "(?:value too long for type [^:]*|numeric field overflow|[a-z]+ out of range|division by zero)",
            "could not [a-z ]+ file \".*",
            "could not resize shared memory segment .*",
            "cannot execute [A-Z ]+ (?:in a read-only transaction|during recovery)",
            "(?:deadlock detected|out of memory|out of shared memory|stack depth limit exceeded|tuple concurrently updated)",
            "(?:canceling statement due to|could not serialize access due to) [^:]*",
            "index row (?:size \\d+ exceeds|requires \\d+ bytes) [^:]*",
            "query would be affected by row-level security policy for table [^:]*",
            "materialized view [^:]* has not been populated",
            "there is no unique constraint matching given keys for referenced table [^:]*"));

    /** Others, which end with one. */
    private static final Pattern VALUE_AT_END = Pattern.compile(
            "((?:invalid input syntax for type|invalid input value for enum|invalid byte sequence for encoding|malformed [a-z]+ literal|date/time field value out of range)\\b[^:]*): .*");

    private final Deque<String> said = new ArrayDeque<>();

    /** Whether the statement reads rows. */
    private boolean rows;

    /** Whether the newest error is in words that quote none. */
    private boolean plain = true;

    /** Whether lines that go on with the last one are told. */
    private boolean told = true;

    /** Hears the next line; whether it is the program's own, and no part of what a server quotes. */
    synchronized boolean heard(String line) {
        if (READS_ROWS.matcher(line).lookingAt()) rows = true;
        if (OF_A_FAILURE.matcher(line).lookingAt()) {
            failure(line);
            return true;
        }
        if (OF_A_PROGRAM.matcher(line).lookingAt()) {
            told = false;
            return !NOTED.matcher(line).lookingAt();
        }
        if (OF_ROWS.matcher(line).lookingAt()) told = false;
        else if (OF_STATEMENT.matcher(line).lookingAt()) told = !rows;
        else if (line.startsWith("HINT:  ")) told = plain;
        else if (line.startsWith("Command was: ")) told = true;
        if (told) add(line);
        return told;
    }

    private void failure(String line) {
        Matcher server = BY_SERVER.matcher(line);
        told = !rows || !server.matches() || OF_SESSION.matcher(server.group(2)).matches();
        plain = told || NO_VALUE.matcher(server.group(3)).matches();
        add(told ? line : server.group(1) + server.group(2) + ":  " + withoutValues(server.group(3)));
    }

    /** What a server says of a statement that reads rows, without what may be of a row. */
    static String withoutValues(String message) {
        if (NO_VALUE.matcher(message).matches()) return message;
        Matcher value = VALUE_AT_END.matcher(message);
        return value.matches() ? value.group(1) + ": …" : NOT_TOLD;
    }

    private void add(String line) {
        said.add(line);
        if (said.size() > MOST) said.remove();
    }

    @Override
    public synchronized String toString() {
        return String.join(" | ", said);
    }
}
