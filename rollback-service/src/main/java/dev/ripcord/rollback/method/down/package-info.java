/** Going back the migration tool's own way: its down scripts, in one transaction, with its version table put right. */
@NullMarked
package dev.ripcord.rollback.method.down;

import org.jspecify.annotations.NullMarked;
