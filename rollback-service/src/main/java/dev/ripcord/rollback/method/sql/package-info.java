/** The way back by statements that somebody wrote and somebody approved. */
@NullMarked
package dev.ripcord.rollback.method.sql;

import org.jspecify.annotations.NullMarked;
