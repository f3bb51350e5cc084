/** How requests and events come in. */
@NullMarked
package dev.ripcord.rollback.intake;

import org.jspecify.annotations.NullMarked;
