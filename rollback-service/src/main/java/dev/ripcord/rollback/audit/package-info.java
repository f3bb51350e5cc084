/**
 * The audit trail of rollbacks: every event about one that this service heard or said, in order, in a chain of hashes.
 *
 * <p>Deferred triggers on {@code inbox} and {@code outbox} append the records ({@code db/audit.sql}): at the commit of the
 * transaction that takes the event in, or changes the state that it announces, so that neither exists without the other and
 * no code can forget to. Positions are 1, 2, 3 … without gaps. Each hash is the SHA-256 of the hash before it and of the
 * record, written field by field with its length; {@code audit_hash} computes it in the database, {@link
 * dev.ripcord.rollback.audit.Entry#computed} here. An event of ours that comes back over Kafka is heard as well as said: its
 * sender is not believed. What nobody could read is in its dead-letter topic and not here. The trail holds what the events
 * hold: no rows of a database, no passwords, no addresses with credentials. The actor of an event that came over Kafka is
 * who its sender says it is; over HTTP it is the owner of the token. Nothing is ever deleted from the trail.
 *
 * <p>UPDATE, DELETE and TRUNCATE are refused by a trigger. Whoever owns the tables, which the service's own database role
 * does, could switch the triggers off, change a record and compute all hashes after it anew, or cut off the end. That is
 * found by whoever kept a head of the chain somewhere else: {@code GET /audit/head} gives it, and {@code ripcord audit
 * verify --head} holds the trail against it.
 */
@NullMarked
package dev.ripcord.rollback.audit;

import org.jspecify.annotations.NullMarked;
