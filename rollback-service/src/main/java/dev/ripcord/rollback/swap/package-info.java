/** The one moment at which the live database changes. */
@NullMarked
package dev.ripcord.rollback.swap;

import org.jspecify.annotations.NullMarked;
