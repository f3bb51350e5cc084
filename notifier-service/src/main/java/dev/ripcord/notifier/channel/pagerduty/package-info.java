/** Pages at PagerDuty. */
@NullMarked
package dev.ripcord.notifier.channel.pagerduty;

import org.jspecify.annotations.NullMarked;
