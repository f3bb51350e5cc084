/** The report of one rollback: what happened, how long it took against what was promised, and what is to be learned. */
@NullMarked
package dev.ripcord.rollback.report;

import org.jspecify.annotations.NullMarked;
