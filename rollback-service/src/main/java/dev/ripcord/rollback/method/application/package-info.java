/** The way back of the application alone. */
@NullMarked
package dev.ripcord.rollback.method.application;

import org.jspecify.annotations.NullMarked;
