/** What a rollback is, its states and its decisions: nothing here touches a database or a topic. */
@NullMarked
package dev.ripcord.rollback.core;

import org.jspecify.annotations.NullMarked;
