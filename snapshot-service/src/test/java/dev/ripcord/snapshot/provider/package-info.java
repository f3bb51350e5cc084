/** What every provider must keep to. */
@NullMarked
package dev.ripcord.snapshot.provider;

import org.jspecify.annotations.NullMarked;
