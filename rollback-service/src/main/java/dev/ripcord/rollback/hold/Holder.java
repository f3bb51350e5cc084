package dev.ripcord.rollback.hold;

import io.vertx.core.json.JsonObject;

/**
 * A system that delivers. Each call may come again, after a crash too, and then changes nothing more.
 *
 * <p>What does not work throws an {@link IllegalStateException} with the reason.
 */
interface Holder {

    /** How it stands before it is paused: what {@link #resume} brings back. */
    JsonObject look();

    /** Keeps it from delivering; in words what was done. */
    String pause(JsonObject was);

    /** Lets it deliver again as it did; in words what was done. */
    String resume(JsonObject was);

    /** What a person does where {@link #resume} does not work. */
    String byHand(JsonObject was);
}
