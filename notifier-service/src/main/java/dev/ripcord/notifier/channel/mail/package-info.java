/** Mail, one thread per rollback. */
@NullMarked
package dev.ripcord.notifier.channel.mail;

import org.jspecify.annotations.NullMarked;
