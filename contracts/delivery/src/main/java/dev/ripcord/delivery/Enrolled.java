package dev.ripcord.delivery;

import dev.ripcord.databases.Databases;
import dev.ripcord.databases.InvalidDatabasesException;
import io.quarkus.runtime.Startup;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The enrolled databases, read once at start: where the file is not valid, a line for each problem and nothing else is said. */
@Singleton
class Enrolled {

    @Produces
    @Singleton
    @Startup
    Databases databases(@ConfigProperty(name = "ripcord.databases") Path file) {
        try {
            return Databases.read(file);
        } catch (InvalidDatabasesException e) {
            throw new ConfigurationException(e.getMessage());
        }
    }
}
