/** What all channels over HTTP have in common. */
@NullMarked
package dev.ripcord.notifier.channel;

import org.jspecify.annotations.NullMarked;
