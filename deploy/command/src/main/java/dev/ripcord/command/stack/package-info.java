/** The whole suite on one machine: PostgreSQL, Kafka and the four services as processes of their own, in one folder. */
@NullMarked
package dev.ripcord.command.stack;

import org.jspecify.annotations.NullMarked;
