/** How a database fares after a rollback: looked at closely first, then for long. */
@NullMarked
package dev.ripcord.verifier.watch;

import org.jspecify.annotations.NullMarked;
