/** Snapshots that are copies on the same server, made while nobody is connected for a moment. */
@NullMarked
package dev.ripcord.snapshot.provider.clone;

import org.jspecify.annotations.NullMarked;
