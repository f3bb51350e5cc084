/** What the events promise to other programs. */
@NullMarked
package dev.ripcord.events;

import org.jspecify.annotations.NullMarked;
