/** Cards in Microsoft Teams. */
@NullMarked
package dev.ripcord.notifier.channel.teams;

import org.jspecify.annotations.NullMarked;
