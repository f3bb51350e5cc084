/** The whole service, asked over Kafka and HTTP. */
@NullMarked
package dev.ripcord.snapshot.intake;

import org.jspecify.annotations.NullMarked;
