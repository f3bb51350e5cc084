/** The whole service, on real infrastructure. */
@NullMarked
package dev.ripcord.notifier;

import org.jspecify.annotations.NullMarked;
