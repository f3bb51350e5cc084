/** The checks: one class each, found by itself. */
@NullMarked
package dev.ripcord.verifier.check;

import org.jspecify.annotations.NullMarked;
