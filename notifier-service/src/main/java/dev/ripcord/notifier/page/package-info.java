/** The status page. */
@NullMarked
package dev.ripcord.notifier.page;

import org.jspecify.annotations.NullMarked;
