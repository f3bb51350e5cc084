package dev.ripcord.rollback.hold;

import io.vertx.core.json.JsonObject;

/**
 * Where the delivery of an application stands.
 *
 * <pre>
 * Held → Resumed
 * </pre>
 */
sealed interface HoldState {

    /**
     * It is paused, or is about to be.
     *
     * @param was how it stood before, as JSON
     */
    record Held(String was) implements HoldState {
        static Held of(JsonObject was) {
            return new Held(was.encode());
        }

        JsonObject before() {
            return new JsonObject(was);
        }
    }

    /** It delivers again as it did. */
    record Resumed(String words) implements HoldState {}
}
