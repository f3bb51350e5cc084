/** A sample shop: its database, its application with writers that remember what was acknowledged, a migration that goes wrong. */
@NullMarked
package dev.ripcord.command.sample;

import org.jspecify.annotations.NullMarked;
