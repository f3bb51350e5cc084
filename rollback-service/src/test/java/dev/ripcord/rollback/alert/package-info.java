@NullMarked
package dev.ripcord.rollback.alert;

import org.jspecify.annotations.NullMarked;
