/** Tests of what the benchmark counts with. */
@NullMarked
package dev.ripcord.command.bench;

import org.jspecify.annotations.NullMarked;
