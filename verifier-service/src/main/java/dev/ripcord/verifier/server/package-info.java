/** Sessions in the live database of an enrolled server. */
@NullMarked
package dev.ripcord.verifier.server;

import org.jspecify.annotations.NullMarked;
