/** The events of the suite, the topics they travel on, and their CloudEvents form on Kafka. */
@NullMarked
package dev.ripcord.events;

import org.jspecify.annotations.NullMarked;
