/** Named tables come back from the snapshot's copy into the live database, foreign keys respected. */
@NullMarked
package dev.ripcord.rollback.method.partial;

import org.jspecify.annotations.NullMarked;
