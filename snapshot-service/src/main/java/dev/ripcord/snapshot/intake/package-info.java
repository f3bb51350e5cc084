/** What comes in: events, questions at the gate, and the enrolled databases. */
@NullMarked
package dev.ripcord.snapshot.intake;

import org.jspecify.annotations.NullMarked;
