package dev.ripcord.delivery.people;

import io.quarkus.runtime.StartupEvent;
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
import java.nio.file.Path;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** {@code Authorization: Bearer …} (RFC 6750), checked against the tokens file. */
@ApplicationScoped
public class BearerTokens implements HttpAuthenticationMechanism {

    private static final Logger LOG = Logger.getLogger(BearerTokens.class);

    private final Optional<TokensFile> tokens;

    BearerTokens(@ConfigProperty(name = "ripcord.tokens") Optional<Path> path) {
        this.tokens = path.map(TokensFile::new);
    }

    void start(@Observes StartupEvent event) {
        tokens.ifPresentOrElse(
                TokensFile::people,
                () -> LOG.warn("ripcord.tokens is not set: every HTTP request but health and metrics is refused"));
    }

    @Override
    public Uni<SecurityIdentity> authenticate(RoutingContext request, IdentityProviderManager providers) {
        String header = request.request().getHeader("Authorization");
        if (header == null || !header.regionMatches(true, 0, "Bearer ", 0, 7)) {
            return Uni.createFrom().nullItem();
        }
        String token = header.substring(7).strip();
        return Uni.createFrom()
                .item(() -> tokens.flatMap(file -> file.owner(token))
                        .<SecurityIdentity>map(person -> QuarkusSecurityIdentity.builder()
                                .setPrincipal(new QuarkusPrincipal(person.name()))
                                .addRoles(person.role().included())
                                .build())
                        .orElseThrow(() -> new io.quarkus.security.AuthenticationFailedException("unknown token")));
    }

    @Override
    public Uni<ChallengeData> getChallenge(RoutingContext request) {
        return Uni.createFrom().item(new ChallengeData(401, "WWW-Authenticate", "Bearer"));
    }
}
