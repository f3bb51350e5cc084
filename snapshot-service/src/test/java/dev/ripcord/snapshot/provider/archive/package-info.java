/** Tests of the archive form, on PostgreSQL 15 with the installed client. */
@NullMarked
package dev.ripcord.snapshot.provider.archive;

import org.jspecify.annotations.NullMarked;
