/** What became of each message, and sending again what a channel did not take. */
@NullMarked
package dev.ripcord.notifier.register;

import org.jspecify.annotations.NullMarked;
