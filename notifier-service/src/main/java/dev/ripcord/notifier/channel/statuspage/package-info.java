/** A public page at Atlassian Statuspage. */
@NullMarked
package dev.ripcord.notifier.channel.statuspage;

import org.jspecify.annotations.NullMarked;
