/** What a snapshot goes through from the question to its end, whatever its form. */
@NullMarked
package dev.ripcord.snapshot.core;

import org.jspecify.annotations.NullMarked;
