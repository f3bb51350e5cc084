/** A team's own words for what is told. */
@NullMarked
package dev.ripcord.notifier.template;

import org.jspecify.annotations.NullMarked;
