/** What happens on the topics, as it happens, and asking the services over HTTP. */
@NullMarked
package dev.ripcord.command.follow;

import org.jspecify.annotations.NullMarked;
