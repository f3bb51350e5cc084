/** What reaches the service: events, requests over HTTP, and the file of enrolled databases. */
@NullMarked
package dev.ripcord.verifier.intake;

import org.jspecify.annotations.NullMarked;
