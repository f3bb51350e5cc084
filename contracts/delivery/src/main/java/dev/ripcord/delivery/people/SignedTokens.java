package dev.ripcord.delivery.people;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.consumer.ErrorCodes;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumer;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.keys.resolvers.VerificationKeyResolver;
import org.jspecify.annotations.Nullable;

/**
 * Tokens that an identity provider has signed (JWT, RFC 7519), for this audience and with a key of its own. Only public-key
 * algorithms are accepted: a token that is not signed, or signed with a public key as if it were a secret, is none.
 */
final class SignedTokens {

    private static final String[] ALGORITHMS = {
        AlgorithmIdentifiers.RSA_USING_SHA256,
        AlgorithmIdentifiers.RSA_USING_SHA384,
        AlgorithmIdentifiers.RSA_USING_SHA512,
        AlgorithmIdentifiers.RSA_PSS_USING_SHA256,
        AlgorithmIdentifiers.RSA_PSS_USING_SHA384,
        AlgorithmIdentifiers.RSA_PSS_USING_SHA512,
        AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256,
        AlgorithmIdentifiers.ECDSA_USING_P384_CURVE_AND_SHA384,
        AlgorithmIdentifiers.ECDSA_USING_P521_CURVE_AND_SHA512,
        AlgorithmIdentifiers.EDDSA
    };

    private static final int CLOCK_SKEW_SECONDS = 30;
    private static final int LONGEST_NAME = 200;

    private final Issuer issuer;
    private final JwtConsumer consumer;

    SignedTokens(Issuer issuer, VerificationKeyResolver keys) {
        this.issuer = issuer;
        this.consumer = new JwtConsumerBuilder()
                .setVerificationKeyResolver(keys)
                .setJwsAlgorithmConstraints(ConstraintType.PERMIT, ALGORITHMS)
                .setExpectedIssuer(true, issuer.name())
                .setExpectedAudience(true, issuer.audience())
                .setRequireSubject()
                .setRequireExpirationTime()
                .setAllowedClockSkewInSeconds(CLOCK_SKEW_SECONDS)
                .build();
    }

    /** Whether it looks like a signed token at all: three parts. */
    static boolean looksLike(String token) {
        return token.chars().filter(character -> character == '.').count() == 2;
    }

    /**
     * Whose token this is; blocks while keys are read.
     *
     * @throws RefusedTokenException if it is not one of this issuer, for this audience, at this time
     */
    Person owner(String token) {
        JwtClaims claims;
        try {
            claims = consumer.processToClaims(token);
        } catch (InvalidJwtException e) {
            throw new RefusedTokenException(reason(e));
        }
        return new Person(name(claims), role(claims));
    }

    private String name(JwtClaims claims) {
        Object name = claims.getClaimValue(issuer.nameClaim());
        if (name instanceof String text
                && !text.isBlank()
                && text.length() <= LONGEST_NAME
                && text.chars().noneMatch(Character::isISOControl)) {
            return text;
        }
        throw new RefusedTokenException("it has no name of a person in the claim " + issuer.nameClaim());
    }

    private @Nullable Role role(JwtClaims claims) {
        return values(claims)
                .map(issuer.roles()::get)
                .filter(Objects::nonNull)
                .max(Comparator.naturalOrder())
                .orElse(null);
    }

    private Stream<String> values(JwtClaims claims) {
        Object value = claims.getClaimsMap();
        for (String part : path(claims)) value = value instanceof Map<?, ?> inside ? inside.get(part) : null;
        return switch (value) {
            case String text -> Stream.of(text.split(" "));
            case Collection<?> several ->
                several.stream().filter(String.class::isInstance).map(String.class::cast);
            case null -> Stream.empty();
            case Object other -> Stream.empty();
        };
    }

    /** A claim may itself have dots in its name, as those that are addresses have. */
    private List<String> path(JwtClaims claims) {
        return claims.hasClaim(issuer.rolesClaim())
                ? List.of(issuer.rolesClaim())
                : Arrays.asList(issuer.rolesClaim().split("\\."));
    }

    private String reason(InvalidJwtException e) {
        if (any(e, ErrorCodes.ISSUER_INVALID, ErrorCodes.ISSUER_MISSING)) {
            return "another has issued it than " + issuer.name();
        }
        if (any(e, ErrorCodes.AUDIENCE_INVALID, ErrorCodes.AUDIENCE_MISSING)) {
            return "it is not meant for " + issuer.audience();
        }
        if (e.hasExpired()) return "it has expired";
        if (any(e, ErrorCodes.NOT_YET_VALID)) return "it is not valid yet";
        if (any(e, ErrorCodes.EXPIRATION_MISSING)) return "it says nothing of when it expires";
        if (any(e, ErrorCodes.SUBJECT_MISSING)) return "it has no subject";
        if (any(e, ErrorCodes.SIGNATURE_INVALID, ErrorCodes.SIGNATURE_MISSING)) {
            return "it is not signed with a key of its issuer";
        }
        return e.getCause() instanceof KeysNotReadException keys
                ? String.valueOf(keys.getMessage())
                : "its signature cannot be checked with a key of its issuer";
    }

    private static boolean any(InvalidJwtException e, int... codes) {
        return Arrays.stream(codes).anyMatch(e::hasErrorCode);
    }
}
