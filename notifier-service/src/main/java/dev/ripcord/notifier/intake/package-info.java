/** What reaches the service: events, configuration, and the file of enrolled databases. */
@NullMarked
package dev.ripcord.notifier.intake;

import org.jspecify.annotations.NullMarked;
