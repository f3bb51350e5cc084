/** What may be enrolled, and what the guards on a real server let through. */
@NullMarked
package dev.ripcord.databases;

import org.jspecify.annotations.NullMarked;
