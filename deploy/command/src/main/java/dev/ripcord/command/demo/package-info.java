/** The demo: a migration goes wrong on a machine with nothing but a JDK, and is taken back. */
@NullMarked
package dev.ripcord.command.demo;

import org.jspecify.annotations.NullMarked;
