package dev.ripcord.rollback.intake;

import dev.ripcord.databases.Databases;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Reads the enrolled databases when the service starts; where the file is not valid, it does not. */
@ApplicationScoped
class Enrolled {

    @Produces
    @Singleton
    @Startup
    Databases databases(@ConfigProperty(name = "ripcord.databases") Path file) {
        return Databases.read(file);
    }
}
