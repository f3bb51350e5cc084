/** CDEvents (cdevents.dev) as they come in: read as the events of this suite. */
@NullMarked
package dev.ripcord.events.cdevents;

import org.jspecify.annotations.NullMarked;
