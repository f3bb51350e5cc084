/** The snapshots that there are, for people and pipelines. */
@NullMarked
package dev.ripcord.snapshot.catalogue;

import org.jspecify.annotations.NullMarked;
