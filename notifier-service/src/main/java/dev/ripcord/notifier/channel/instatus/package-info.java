/** A public page at Instatus. */
@NullMarked
package dev.ripcord.notifier.channel.instatus;

import org.jspecify.annotations.NullMarked;
