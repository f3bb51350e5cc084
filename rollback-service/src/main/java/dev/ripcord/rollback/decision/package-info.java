/** Whether to roll back at all: a pure decision from facts, by rules that are data. */
@NullMarked
package dev.ripcord.rollback.decision;

import org.jspecify.annotations.NullMarked;
