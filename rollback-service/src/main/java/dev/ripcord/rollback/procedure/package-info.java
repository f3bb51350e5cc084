/** The procedure of a rollback from request to outcome. */
@NullMarked
package dev.ripcord.rollback.procedure;

import org.jspecify.annotations.NullMarked;
