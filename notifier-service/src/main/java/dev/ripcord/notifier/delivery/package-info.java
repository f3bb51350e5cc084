/** How a message gets to a channel: attempts, waits, and when to give up. */
@NullMarked
package dev.ripcord.notifier.delivery;

import org.jspecify.annotations.NullMarked;
