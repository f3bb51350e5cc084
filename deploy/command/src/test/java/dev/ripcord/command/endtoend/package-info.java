/** The whole suite as it is shipped: real servers, each service in a process of its own. */
@NullMarked
package dev.ripcord.command.endtoend;

import org.jspecify.annotations.NullMarked;
