package dev.ripcord.delivery.people;

import org.jspecify.annotations.Nullable;

/**
 * Somebody, or some system, that is known here.
 *
 * @param name by which requests and approvals are told apart
 * @param role null for one who may do nothing
 */
record Person(String name, @Nullable Role role) {}
