/** Keeps the delivery of an application back while a rollback of its database is under way. */
@NullMarked
package dev.ripcord.rollback.hold;

import org.jspecify.annotations.NullMarked;
