/** The procedures, step by step. */
@NullMarked
package dev.ripcord.snapshot.core;

import org.jspecify.annotations.NullMarked;
