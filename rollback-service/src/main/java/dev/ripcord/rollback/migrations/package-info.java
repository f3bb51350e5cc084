/** The migrations of the enrolled databases, as far as their pipelines tell of them. */
@NullMarked
package dev.ripcord.rollback.migrations;

import org.jspecify.annotations.NullMarked;
