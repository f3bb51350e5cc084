/** The second server of a database, where a snapshot is opened and the application is pointed to. */
@NullMarked
package dev.ripcord.rollback.elsewhere;

import org.jspecify.annotations.NullMarked;
