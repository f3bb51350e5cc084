/** The fault harness: breaks the suite on purpose, again and again, and holds what is left against what was promised. */
@NullMarked
package dev.ripcord.command.torture;

import org.jspecify.annotations.NullMarked;
