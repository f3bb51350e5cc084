/** Slack's incoming webhooks. */
@NullMarked
package dev.ripcord.notifier.channel.slack;

import org.jspecify.annotations.NullMarked;
