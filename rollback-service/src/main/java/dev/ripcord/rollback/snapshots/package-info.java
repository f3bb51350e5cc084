/** What is known of the snapshots. */
@NullMarked
package dev.ripcord.rollback.snapshots;

import org.jspecify.annotations.NullMarked;
