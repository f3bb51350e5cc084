/** What is announced, said once more as CDEvents (cdevents.dev). */
@NullMarked
package dev.ripcord.delivery.cdevents;

import org.jspecify.annotations.NullMarked;
