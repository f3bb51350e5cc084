/** What the forms of a snapshot share: the databases that we make on the protected server. */
@NullMarked
package dev.ripcord.snapshot.provider;

import org.jspecify.annotations.NullMarked;
