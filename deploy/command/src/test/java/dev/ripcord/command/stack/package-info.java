@NullMarked
package dev.ripcord.command.stack;

import org.jspecify.annotations.NullMarked;
