/** What a verification is: the checks that run, their limits, and the verdict that follows from their answers. */
@NullMarked
package dev.ripcord.verifier.verification;

import org.jspecify.annotations.NullMarked;
