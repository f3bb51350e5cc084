/** Starts a real PostgreSQL server and a real Kafka node on one machine, without containers, for the demo and for tests. */
@NullMarked
package dev.ripcord.embedded;

import org.jspecify.annotations.NullMarked;
