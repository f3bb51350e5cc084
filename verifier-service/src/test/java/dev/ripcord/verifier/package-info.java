/** The whole service, on real infrastructure. */
@NullMarked
package dev.ripcord.verifier;

import org.jspecify.annotations.NullMarked;
