package dev.ripcord.delivery.people;

import io.quarkus.runtime.StartupEvent;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.runtime.QuarkusPrincipal;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.quarkus.vertx.http.runtime.security.ChallengeData;
import io.quarkus.vertx.http.runtime.security.HttpAuthenticationMechanism;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Set;
import org.jboss.logging.Logger;

/** {@code Authorization: Bearer …} (RFC 6750), checked against the tokens file and the identity provider's keys. */
@ApplicationScoped
public class BearerTokens implements HttpAuthenticationMechanism {

    private static final Logger LOG = Logger.getLogger(BearerTokens.class);

    private final People people;

    BearerTokens(People people) {
        this.people = people;
    }

    void start(@Observes StartupEvent event) {
        people.check();
    }

    @Override
    public Uni<SecurityIdentity> authenticate(RoutingContext request, IdentityProviderManager providers) {
        String header = request.request().getHeader("Authorization");
        if (header == null || !header.regionMatches(true, 0, "Bearer ", 0, 7)) {
            return Uni.createFrom().nullItem();
        }
        String token = header.substring(7).strip();
        // files and keys are read: not on the thread that serves all connections
        return Uni.createFrom()
                .completionStage(() -> request.vertx()
                        .executeBlocking(() -> identity(token), false)
                        .toCompletionStage());
    }

    private SecurityIdentity identity(String token) {
        try {
            Person person = people.owner(token);
            Role role = person.role();
            return QuarkusSecurityIdentity.builder()
                    .setPrincipal(new QuarkusPrincipal(person.name()))
                    .addRoles(role == null ? Set.of() : role.included())
                    .build();
        } catch (RefusedTokenException e) {
            LOG.infof("A token is refused: %s", e.getMessage());
            throw new AuthenticationFailedException(e.getMessage());
        }
    }

    @Override
    public Uni<ChallengeData> getChallenge(RoutingContext request) {
        return Uni.createFrom().item(new ChallengeData(401, "WWW-Authenticate", "Bearer"));
    }
}
