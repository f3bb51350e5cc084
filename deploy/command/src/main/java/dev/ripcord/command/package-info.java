/** The {@code ripcord} command. */
@NullMarked
package dev.ripcord.command;

import org.jspecify.annotations.NullMarked;
