/** Tests of the fault harness itself: that it goes everywhere, finds, and says what it found. */
@NullMarked
package dev.ripcord.command.torture;

import org.jspecify.annotations.NullMarked;
