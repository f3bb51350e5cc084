@NullMarked
package dev.ripcord.snapshot.catalogue;

import org.jspecify.annotations.NullMarked;
