/** Tests of databases that are built anew. */
@NullMarked
package dev.ripcord.snapshot.provider.rebuild;

import org.jspecify.annotations.NullMarked;
