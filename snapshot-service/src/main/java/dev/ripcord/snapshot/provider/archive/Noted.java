package dev.ripcord.snapshot.provider.archive;

import dev.ripcord.events.Manifest.SchemaObject;
import java.util.List;

/**
 * What is kept beside an archive's manifest.
 *
 * @param reading of the version that has written the manifest
 * @param extensions what they held
 */
record Noted(int reading, List<SchemaObject> extensions) {}
