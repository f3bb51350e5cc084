/** Who may ask for what over HTTP. */
@NullMarked
package dev.ripcord.delivery.people;

import org.jspecify.annotations.NullMarked;
