/** A public page of a Cachet. */
@NullMarked
package dev.ripcord.notifier.channel.cachet;

import org.jspecify.annotations.NullMarked;
