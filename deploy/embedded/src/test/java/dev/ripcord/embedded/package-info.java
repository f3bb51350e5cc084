@NullMarked
package dev.ripcord.embedded;

import org.jspecify.annotations.NullMarked;
