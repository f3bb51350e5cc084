package dev.ripcord.rollback.hold;

import dev.ripcord.databases.DeliverySystem.Http;
import io.vertx.core.json.JsonObject;
import java.net.URI;

/** Any system with an address that pauses its delivery and one that resumes it. */
final class HttpHolder implements Holder {

    private final Http system;
    private final String database;
    private final String rollback;
    private final Calls calls;

    HttpHolder(Http system, String database, String rollback) {
        this.system = system;
        this.database = database;
        this.rollback = rollback;
        this.calls = new Calls(system.token());
    }

    @Override
    public JsonObject look() {
        return new JsonObject();
    }

    @Override
    public String pause(JsonObject was) {
        return call(system.pause());
    }

    @Override
    public String resume(JsonObject was) {
        return call(system.resume());
    }

    @Override
    public String byHand(JsonObject was) {
        return "curl -X POST " + system.resume();
    }

    private String call(URI address) {
        calls.call(
                "POST",
                address,
                rollback,
                new JsonObject().put("database", database).put("rollback", rollback));
        return "called " + address;
    }
}
