/** What a rollback would do, before it does anything. */
@NullMarked
package dev.ripcord.rollback.plan;

import org.jspecify.annotations.NullMarked;
