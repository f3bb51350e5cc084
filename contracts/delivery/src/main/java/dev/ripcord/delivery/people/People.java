package dev.ripcord.delivery.people;

import jakarta.enterprise.context.ApplicationScoped;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Everybody who is known here: those of the tokens file, and those whom the identity provider vouches for. */
@ApplicationScoped
public class People {

    private static final Logger LOG = Logger.getLogger(People.class);

    private final Optional<TokensFile> tokens;
    private final @Nullable Keys keys;
    private final @Nullable SignedTokens signed;

    People(
            @ConfigProperty(name = "ripcord.tokens") Optional<Path> path,
            @ConfigProperty(name = "ripcord.oidc.issuer") Optional<String> issuer,
            @ConfigProperty(name = "ripcord.oidc.audience") Optional<String> audience,
            @ConfigProperty(name = "ripcord.oidc.keys") Optional<String> place,
            @ConfigProperty(name = "ripcord.oidc.name-claim") String nameClaim,
            @ConfigProperty(name = "ripcord.oidc.roles-claim") String rolesClaim,
            @ConfigProperty(name = "ripcord.oidc.roles") Optional<List<String>> roles) {
        this.tokens = path.map(TokensFile::new);
        if (issuer.isEmpty()) {
            keys = null;
            signed = null;
            return;
        }
        String meant = audience.orElseThrow(() -> new IllegalStateException(
                "ripcord.oidc.audience is not set: without it every token of " + issuer.get() + " would be accepted"));
        keys = new Keys(issuer.get(), place.orElse(null));
        signed = new SignedTokens(
                new Issuer(issuer.get(), meant, nameClaim, rolesClaim, Issuer.roles(roles.orElse(List.of()))), keys);
    }

    /** Fails where what is configured cannot be used. */
    void check() {
        tokens.ifPresent(TokensFile::people);
        if (keys != null) keys.check();
        if (tokens.isEmpty() && signed == null) {
            LOG.warn("neither ripcord.tokens nor ripcord.oidc.issuer is set:"
                    + " every HTTP request but health and metrics is refused");
        }
    }

    /**
     * What somebody may do, each role with those that it includes: by the tokens file, and where that does not have the name,
     * by what is said of him elsewhere.
     *
     * @param otherwise the role that is said elsewhere, null for none
     */
    public Set<String> rolesOf(String name, @Nullable String otherwise) {
        List<Person> listed = tokens.map(TokensFile::people).orElse(List.of()).stream()
                .map(TokensFile.Listed::person)
                .filter(person -> person.name().equalsIgnoreCase(name))
                .toList();
        if (listed.isEmpty())
            return otherwise == null ? Set.of() : Role.valueOf(otherwise).included();
        return listed.stream()
                .flatMap(person -> Optional.ofNullable(person.role()).stream())
                .flatMap(role -> role.included().stream())
                .collect(Collectors.toSet());
    }

    /**
     * Whose token this is; blocks.
     *
     * @throws RefusedTokenException if it is nobody's
     */
    Person owner(String token) {
        Optional<Person> listed = tokens.flatMap(file -> file.owner(token));
        if (listed.isPresent()) return listed.get();
        if (signed == null || !SignedTokens.looksLike(token)) throw new RefusedTokenException("it is not known here");
        return signed.owner(token);
    }
}
