package dev.ripcord.snapshot.provider.archive;

import dev.ripcord.databases.EnrolledDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Where archives are looked for: in the store that the policy names now, whichever it named when they were taken. */
public final class Whereabouts {

    private Whereabouts() {}

    /** Where the archive of this snapshot should be and is not. */
    public static Optional<String> missing(EnrolledDatabase database, String snapshot) {
        Path store = database.snapshot().store();
        if (store == null) return Optional.of("a store that databases.yaml names");
        Path archive = new FolderStore(store, database.id()).archive(snapshot);
        return Files.isDirectory(archive) ? Optional.empty() : Optional.of(String.valueOf(archive.getParent()));
    }
}
