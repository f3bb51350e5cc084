/** What a rollback lost, row by row. */
@NullMarked
package dev.ripcord.rollback.loss;

import org.jspecify.annotations.NullMarked;
