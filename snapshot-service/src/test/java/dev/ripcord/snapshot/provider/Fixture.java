package dev.ripcord.snapshot.provider;

import dev.ripcord.databases.EnrolledDatabase.Form;
import dev.ripcord.snapshot.SampleDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Something that a database can hold, as statements, with what becomes of it in each form: it comes back and is proven, or is
 * refused with words that name it, or is left out of a form whose tests run on a server that does not know it yet.
 */
record Fixture(String name, String sql) {

    private static final Pattern EXPECTED =
            Pattern.compile("(?m)^-- (\\w+): (proven|left out|(may be )?refused: (.+))$");

    private static final Pattern OPTIONS = Pattern.compile("(?m)^-- database: (.+)$");

    /** Every file of the folder. */
    static List<Fixture> all() {
        try (Stream<Path> files = Files.list(Path.of(
                Objects.requireNonNull(Fixture.class.getResource("/fixtures")).toURI()))) {
            return files.sorted().map(Fixture::read).toList();
        } catch (IOException | URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Fixture read(Path file) {
        try {
            return new Fixture(file.getFileName().toString().replace(".sql", ""), Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How its database is made. */
    String options() {
        Matcher options = OPTIONS.matcher(sql);
        return options.find() ? options.group(1) : "";
    }

    /** Makes it in a database, each statement in its own transaction as psql does. */
    void make(SampleDatabase sample) {
        for (String role : List.of("auditor", "clerk")) {
            sample.run("do $$ begin create role " + role + "; exception when duplicate_object then null; end $$");
        }
        try (Connection connection = sample.connect();
                Statement statement = connection.createStatement()) {
            // a line that goes on with a statement is indented
            for (String each : sql.split(";\n(?! )")) statement.execute(each);
        } catch (SQLException e) {
            throw new IllegalStateException(name, e);
        }
    }

    /** Whether the server that the form is tested on can hold it. */
    boolean runs(Form form) {
        return !expected(form).group(2).equals("left out");
    }

    /** What a refusal must name; empty where it is to be proven. */
    String refusal(Form form) {
        String named = expected(form).group(4);
        return named == null ? "" : named;
    }

    /** Whether it may come back and be proven. */
    boolean provable(Form form) {
        return expected(form).group(4) == null || expected(form).group(3) != null;
    }

    private Matcher expected(Form form) {
        Matcher expected = EXPECTED.matcher(sql);
        while (expected.find()) {
            if (expected.group(1).equals(form.name())) return expected;
        }
        throw new IllegalStateException(name + ".sql does not say what becomes of it as " + form);
    }

    @Override
    public String toString() {
        return name;
    }
}
