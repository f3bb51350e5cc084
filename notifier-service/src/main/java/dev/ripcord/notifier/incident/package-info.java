/** Rollbacks as people see them, open and past. */
@NullMarked
package dev.ripcord.notifier.incident;

import org.jspecify.annotations.NullMarked;
