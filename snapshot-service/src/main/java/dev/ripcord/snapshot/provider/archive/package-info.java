/** Snapshots that are archives of pg_dump in a store, taken while the application goes on. */
@NullMarked
package dev.ripcord.snapshot.provider.archive;

import org.jspecify.annotations.NullMarked;
