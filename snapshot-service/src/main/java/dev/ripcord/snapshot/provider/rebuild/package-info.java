/** Databases that are built anew from scripts, where there is no snapshot. */
@NullMarked
package dev.ripcord.snapshot.provider.rebuild;

import org.jspecify.annotations.NullMarked;
