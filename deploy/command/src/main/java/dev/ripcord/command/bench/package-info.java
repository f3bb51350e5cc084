/** Measures gates and rollbacks on one stack, again and again. */
@NullMarked
package dev.ripcord.command.bench;

import org.jspecify.annotations.NullMarked;
