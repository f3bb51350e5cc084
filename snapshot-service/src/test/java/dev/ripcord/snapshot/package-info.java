/** Tests of the snapshot service on real PostgreSQL and real Kafka. */
@NullMarked
package dev.ripcord.snapshot;

import org.jspecify.annotations.NullMarked;
