/** Signed webhooks for subscribers. */
@NullMarked
package dev.ripcord.notifier.channel.webhook;

import org.jspecify.annotations.NullMarked;
