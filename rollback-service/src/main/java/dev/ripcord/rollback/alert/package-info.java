/** Alerts of monitoring: taken in, put down to migrations, and what they may cause. */
@NullMarked
package dev.ripcord.rollback.alert;

import org.jspecify.annotations.NullMarked;
