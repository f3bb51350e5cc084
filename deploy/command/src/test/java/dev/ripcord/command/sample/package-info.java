/** Tests of the sample shop. */
@NullMarked
package dev.ripcord.command.sample;

import org.jspecify.annotations.NullMarked;
