package dev.ripcord.rollback.hold;

import dev.ripcord.databases.DeliverySystem.ArgoCd;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Argo CD's automated sync of one application, by its API ({@code GET} and {@code PATCH /api/v1/applications/NAME} with a merge
 * patch). What was not automated is left alone, and what a person has switched on meanwhile is not overwritten.
 */
final class ArgoCdHolder implements Holder {

    private static final String AUTOMATED = "automated";

    private final ArgoCd application;
    private final String rollback;
    private final Calls calls;

    ArgoCdHolder(ArgoCd application, String rollback) {
        this.application = application;
        this.rollback = rollback;
        this.calls = new Calls(application.token());
    }

    @Override
    public JsonObject look() {
        return new JsonObject().put(AUTOMATED, automated(get()));
    }

    @Override
    public String pause(JsonObject was) {
        if (!on(was.getJsonObject(AUTOMATED))) return name() + " has no automated sync";
        JsonObject patched = patch(null);
        if (on(automated(patched))) throw new IllegalStateException(name() + " still has its automated sync");
        JsonObject operation = patched.getJsonObject("status", new JsonObject()).getJsonObject("operationState");
        boolean busy = operation != null && "Running".equals(operation.getString("phase"));
        return "the automated sync of " + name() + " is off" + (busy ? "; a sync that had begun is running still" : "");
    }

    @Override
    public String resume(JsonObject was) {
        JsonObject before = was.getJsonObject(AUTOMATED);
        if (before == null || !on(before)) return name() + " had no automated sync";
        if (on(automated(get()))) return "the automated sync of " + name() + " is on already";
        if (!on(automated(patch(before)))) throw new IllegalStateException(name() + " has no automated sync yet");
        return "the automated sync of " + name() + " is on again as it was";
    }

    @Override
    public String byHand(JsonObject was) {
        JsonObject before = was.getJsonObject(AUTOMATED, new JsonObject());
        return "argocd app set " + name() + " --sync-policy automated"
                + (before.getBoolean("prune", false) ? " --auto-prune" : "")
                + (before.getBoolean("selfHeal", false) ? " --self-heal" : "")
                + (before.getBoolean("allowEmpty", false) ? " --allow-empty" : "");
    }

    /** As {@code argocd} names it. */
    private String name() {
        return application.namespace() == null
                ? application.application()
                : application.namespace() + "/" + application.application();
    }

    private JsonObject get() {
        StringBuilder query = new StringBuilder();
        if (application.namespace() != null) query.append("&appNamespace=").append(encoded(application.namespace()));
        if (application.project() != null) query.append("&project=").append(encoded(application.project()));
        String asked = query.isEmpty() ? "" : "?" + query.substring(1);
        return calls.call("GET", URI.create(address() + asked), rollback, null);
    }

    private JsonObject patch(@Nullable JsonObject automated) {
        JsonObject merged = new JsonObject()
                .put("spec", new JsonObject().put("syncPolicy", new JsonObject().put(AUTOMATED, automated)));
        JsonObject body = new JsonObject()
                .put("name", application.application())
                .put("patch", merged.encode())
                .put("patchType", "merge");
        if (application.namespace() != null) body.put("appNamespace", application.namespace());
        if (application.project() != null) body.put("project", application.project());
        return calls.call("PATCH", URI.create(address()), rollback, body);
    }

    private String address() {
        String server = application.server().toString().replaceAll("/+$", "");
        return server + "/api/v1/applications/" + encoded(application.application());
    }

    private static @Nullable JsonObject automated(JsonObject found) {
        JsonObject spec = found.getJsonObject("spec");
        if (spec == null) throw new IllegalStateException("Argo CD's answer is no application");
        return spec.getJsonObject("syncPolicy", new JsonObject()).getJsonObject(AUTOMATED);
    }

    /** Since version 3.1 it can be there and say that it is not enabled. */
    private static boolean on(@Nullable JsonObject automated) {
        return automated != null && automated.getBoolean("enabled", true);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
