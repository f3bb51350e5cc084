/** Tests of the clone form, on PostgreSQL 18. */
@NullMarked
package dev.ripcord.snapshot.provider.clone;

import org.jspecify.annotations.NullMarked;
