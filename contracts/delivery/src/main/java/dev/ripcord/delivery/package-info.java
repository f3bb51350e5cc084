/**
 * The promise every service keeps: an event is recorded once before it is acknowledged, work is done by whoever holds its
 * lease and can be taken up again at any line, and a change and the event that announces it are written together.
 */
@NullMarked
package dev.ripcord.delivery;

import org.jspecify.annotations.NullMarked;
