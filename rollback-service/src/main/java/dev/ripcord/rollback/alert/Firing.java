package dev.ripcord.rollback.alert;

import java.time.Instant;

/**
 * An alert that fires and of which nothing was decided.
 *
 * @param since when it began, or was first heard of where its sender does not say or names a time to come
 */
record Firing(long position, String fingerprint, String name, Instant since, String signal) {}
