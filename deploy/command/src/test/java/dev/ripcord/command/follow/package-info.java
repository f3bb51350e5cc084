/** Tests of what is asked of services, against answers that are made up. */
@NullMarked
package dev.ripcord.command.follow;

import org.jspecify.annotations.NullMarked;
