/** The enrolled databases: the file that names them, their identity, their manifest, and the guarded acts on their server. */
@NullMarked
package dev.ripcord.databases;

import org.jspecify.annotations.NullMarked;
