/** Addresses that are called around a rollback. */
@NullMarked
package dev.ripcord.rollback.hooks;

import org.jspecify.annotations.NullMarked;
