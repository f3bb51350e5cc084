/** What is said to people about an event. */
@NullMarked
package dev.ripcord.notifier.message;

import org.jspecify.annotations.NullMarked;
