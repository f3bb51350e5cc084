/** Migrations rehearsed on demand, up, down and up again, on a copy and never on the live database. */
@NullMarked
package dev.ripcord.rollback.rehearsal;

import org.jspecify.annotations.NullMarked;
