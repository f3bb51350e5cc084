package dev.ripcord.notifier.register;

import dev.ripcord.delivery.StateDatabase;
import dev.ripcord.delivery.Tasks;
import dev.ripcord.notifier.delivery.Delivery;
import dev.ripcord.notifier.delivery.DeliveryState;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** What was told to whom: the log of deliveries of each channel. */
@Path("/deliveries")
@RolesAllowed("viewer")
class DeliveryResource {

    private static final Logger LOG = Logger.getLogger(DeliveryResource.class);
    private static final int NEWEST = 100;

    private final StateDatabase state;
    private final Tasks tasks;
    private final Delivery delivery;

    DeliveryResource(StateDatabase state, Tasks tasks, Delivery delivery) {
        this.state = state;
        this.tasks = tasks;
        this.delivery = delivery;
    }

    /** The newest ones: of all, or in one state, to one channel, about one rollback. */
    @GET
    public Response newest(
            @QueryParam("state") @Nullable String asked,
            @QueryParam("channel") @Nullable String channel,
            @QueryParam("rollback") @Nullable String rollback) {
        String stored = asked == null ? null : Entry.STATES.get(asked);
        if (asked != null && stored == null) {
            return answer(400, "state is one of pending, delivered and given-up, not " + asked);
        }
        List<Entry> entries = state.query("""
                        select t.*, m.channel, m.rollback from task t join message m on m.id = t.id
                         where t.kind = $1 and ($2::text is null or t.state = $2)
                           and ($3::text is null or m.channel = $3) and ($4::text is null or m.rollback = $4)
                         order by t.created_at desc, m.position desc limit $5""", Delivery.KIND, stored, channel, rollback, NEWEST).stream()
                .map(Entry::of)
                .toList();
        return Response.ok(entries).build();
    }

    /** Tries again what was given up, from the beginning of its time. */
    @POST
    @Path("/{id}/again")
    @RolesAllowed("administrator")
    public Response again(@PathParam("id") String id, @Context SecurityContext caller) {
        Optional<Tasks.View<DeliveryState>> found = tasks.find(delivery, id);
        if (found.isEmpty()) return answer(404, "There is no delivery " + id);
        if (!(found.get().state() instanceof DeliveryState.GivenUp givenUp)) {
            return answer(409, "Delivery " + id + " was not given up");
        }
        boolean taken = tasks.record(ledger -> ledger.restart(Delivery.KIND, id, givenUp.again()));
        if (!taken) return answer(409, "Delivery " + id + " is under way again already");
        LOG.infof("%s has delivery %s sent again", caller.getUserPrincipal().getName(), id);
        return Response.accepted(Map.of("id", id)).build();
    }

    private static Response answer(int status, String reason) {
        return Response.status(status).entity(Map.of("reason", reason)).build();
    }
}
