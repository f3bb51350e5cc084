package dev.ripcord.command.endtoend;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives tests the suite with archives, started for the first of them and stopped after the last. */
final class ArchiveSuiteExtension implements ParameterResolver {

    private static final Namespace OWN = Namespace.create(ArchiveSuiteExtension.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType().equals(ArchiveSuite.class);
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        requireClientPrograms();
        return context.getRoot()
                .getStore(OWN)
                .computeIfAbsent(ArchiveSuite.class, type -> started(), ArchiveSuite.class);
    }

    private static void requireClientPrograms() {
        if (Files.isExecutable(Path.of("/usr/lib/postgresql/" + ArchiveSuite.MAJOR + "/bin/pg_restore"))) return;
        String missing = "THE ARCHIVE FORM IS NOT TESTED: no pg_restore of PostgreSQL " + ArchiveSuite.MAJOR
                + " is installed (Debian: apt install postgresql-client)";
        if ("true".equals(System.getenv("CI"))) Assertions.fail(missing);
        System.err.println(missing);
        Assumptions.abort(missing);
    }

    private static ArchiveSuite started() {
        try {
            return new ArchiveSuite();
        } catch (SQLException e) {
            throw new IllegalStateException("the suite does not start", e);
        }
    }
}
