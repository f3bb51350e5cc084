package dev.ripcord.rollback.intake;

import dev.ripcord.databases.Databases;
import dev.ripcord.databases.SlackApp;
import dev.ripcord.delivery.StateDatabase;
import dev.ripcord.delivery.Tasks;
import dev.ripcord.delivery.people.People;
import dev.ripcord.events.Plan;
import dev.ripcord.events.RollbackRequestEvent.Approved;
import dev.ripcord.events.RollbackRequestEvent.Rejected;
import dev.ripcord.rollback.core.RollbackState;
import dev.ripcord.rollback.core.RollbackState.Approving;
import dev.ripcord.rollback.procedure.RollbackProcedure;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * What people decide in Slack: it counts as what the same person says over HTTP, under the same guards. Slack's signature says
 * who pressed a button; {@code databases.yaml} says who that is here.
 */
@Path("/slack/interactions")
@Produces(MediaType.APPLICATION_JSON)
public class SlackResource {

    private static final Logger LOG = Logger.getLogger(SlackResource.class);
    private static final String ROLE = "approver";

    private final Databases databases;
    private final People people;
    private final Tasks tasks;
    private final RollbackProcedure procedure;
    private final Signing signing;
    private final StateDatabase state;

    SlackResource(
            Databases databases,
            People people,
            Tasks tasks,
            RollbackProcedure procedure,
            Signing signing,
            StateDatabase state) {
        this.databases = databases;
        this.people = people;
        this.tasks = tasks;
        this.procedure = procedure;
        this.signing = signing;
        this.state = state;
    }

    @POST
    @Consumes(MediaType.WILDCARD)
    @PermitAll
    public Response interact(
            @HeaderParam("X-Slack-Signature") @Nullable String signature,
            @HeaderParam("X-Slack-Request-Timestamp") @Nullable String timestamp,
            byte[] body) {
        SlackApp app = databases.slack();
        if (app == null) return problem(404, "databases.yaml names no Slack app");
        String secret;
        try {
            secret = app.signingSecret().resolve();
        } catch (IllegalStateException e) {
            LOG.errorf("Nobody is let in from Slack: %s", e.getMessage());
            return problem(503, "the signing secret cannot be read, the service's log says why");
        }
        if (signature == null || !SlackSignature.fits(secret, signature, timestamp, body, Instant.now())) {
            return problem(401, "this is not signed by Slack, or not within the last five minutes");
        }
        if (!first(signature)) return Response.ok().build();
        return SlackClick.of(body)
                .map(click -> decide(app, click))
                .orElseGet(() -> Response.ok().build());
    }

    /** Whether this very request did not come before. */
    private boolean first(String signature) {
        state.query("delete from slack_request where seen_at < now() - interval '15 minutes'");
        return !state.query(
                        "insert into slack_request (signature) values ($1) on conflict do nothing returning signature",
                        signature)
                .isEmpty();
    }

    private Response decide(SlackApp app, SlackClick click) {
        Optional<SlackApp.Known> who = app.who(click.user());
        if (who.isEmpty()) {
            LOG.infof("Slack user %s is nobody here", click.user());
            return refused(click, "Ripcord does not know who you are: databases.yaml says that for slack.people.");
        }
        String name = who.get().name();
        if (!people.rolesOf(name, who.get().role()).contains(ROLE)) {
            return refused(click, "This needs the role " + ROLE + ", which " + name + " does not have.");
        }
        Optional<Tasks.View<RollbackState>> task = tasks.find(procedure, click.rollback());
        if (task.isEmpty() || !(task.get().state() instanceof Approving approving)) {
            return refused(click, "Rollback " + click.rollback() + " does not wait for approval any more.");
        }
        if (!approving.plan().hash().equals(click.plan())) {
            return refused(click, "The plan has changed since: look at the new one. Nothing was decided.");
        }
        return decide(app, click, name, task.get(), approving.plan());
    }

    private Response decide(SlackApp app, SlackClick click, String name, Tasks.View<RollbackState> task, Plan plan) {
        if (!click.submitted() && (click.rejecting() || plan.word() != null)) {
            SlackDialogue.ask(app, click, plan);
            return Response.ok().build();
        }
        try {
            if (click.rejecting()) {
                signing.reject(task, new Rejected(task.database(), task.id(), click.said(), name));
                SlackDialogue.tell(click, "Rejected in your name, " + name + ".");
            } else {
                String word = plan.word() == null ? null : click.said();
                signing.approve(task, new Approved(task.database(), task.id(), click.plan(), word, name));
                SlackDialogue.tell(click, "Your approval counts, " + name + ".");
            }
            return Response.ok().build();
        } catch (WebApplicationException e) {
            Object said = e.getResponse().getEntity();
            return refused(
                    click, said instanceof Map<?, ?> map ? String.valueOf(map.get("reason")) : "it did not work");
        }
    }

    /** In the dialogue where one is open, else to that user alone. */
    private static Response refused(SlackClick click, String reason) {
        if (!click.submitted()) {
            SlackDialogue.tell(click, reason);
            return Response.ok().build();
        }
        return Response.ok(Map.of("response_action", "errors", "errors", Map.of(SlackClick.INPUT, reason)))
                .build();
    }

    private static Response problem(int status, String reason) {
        return Response.status(status).entity(Map.of("reason", reason)).build();
    }
}
