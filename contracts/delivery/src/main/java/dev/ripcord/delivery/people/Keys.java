package dev.ripcord.delivery.people;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import org.jose4j.http.Get;
import org.jose4j.json.JsonUtil;
import org.jose4j.jwk.HttpsJwks;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwx.JsonWebStructure;
import org.jose4j.keys.resolvers.HttpsJwksVerificationKeyResolver;
import org.jose4j.keys.resolvers.JwksVerificationKeyResolver;
import org.jose4j.keys.resolvers.VerificationKeyResolver;
import org.jose4j.lang.JoseException;
import org.jose4j.lang.UnresolvableKeyException;
import org.jspecify.annotations.Nullable;

/**
 * The public keys of an identity provider: from a file, which is read at each use so that a changed one takes effect at
 * once, or from an address, where a key that is not known yet is looked for again.
 */
final class Keys implements VerificationKeyResolver {

    private static final String PEM = "-----BEGIN PUBLIC KEY-----";
    private static final int LIMIT_MILLIS = 5000;
    private static final long CACHE_SECONDS = 600;

    /** Tokens that name keys which nobody has do not have the issuer asked for each. */
    private static final long LOOK_AGAIN_MILLIS = 2000;

    private final String issuer;
    private final @Nullable String place;
    private @Nullable VerificationKeyResolver remote;

    /** Those in a file (a public key in PEM, or a JSON Web Key Set), at the address of a set, or where the issuer says. */
    Keys(String issuer, @Nullable String place) {
        this.issuer = issuer;
        this.place = place;
        if (place == null) requireSafe(issuer);
        else if (place.contains("://")) requireSafe(place);
    }

    /**
     * Fails where a file cannot be used; an address may be out of reach for a while.
     *
     * @throws IllegalStateException naming the file and what is wrong with it
     */
    void check() {
        if (place == null || place.contains("://")) return;
        try {
            fromFile(Path.of(place));
        } catch (KeysNotReadException e) {
            throw new IllegalStateException("ripcord.oidc.keys: " + e.getMessage(), e);
        }
    }

    @Override
    public Key resolveKey(JsonWebSignature signature, List<JsonWebStructure> nested) throws UnresolvableKeyException {
        VerificationKeyResolver keys =
                place == null || place.contains("://") ? fromAddress() : fromFile(Path.of(place));
        return keys.resolveKey(signature, nested);
    }

    private static VerificationKeyResolver fromFile(Path file) throws KeysNotReadException {
        try {
            String text = Files.readString(file);
            if (!text.contains(PEM)) return fromSet(text);
            PublicKey key = publicKey(text);
            return (signature, nested) -> key;
        } catch (IOException | GeneralSecurityException | JoseException | IllegalArgumentException e) {
            throw new KeysNotReadException(
                    file + " is neither a JSON Web Key Set nor a public key in PEM (" + e + ")", e);
        }
    }

    /** Without keys that are secrets: nobody signs with one here. */
    private static VerificationKeyResolver fromSet(String json) throws JoseException {
        return new JwksVerificationKeyResolver(new JsonWebKeySet(json)
                .getJsonWebKeys().stream()
                        .filter(key -> key.getKey() instanceof PublicKey)
                        .toList());
    }

    private static PublicKey publicKey(String pem) throws GeneralSecurityException {
        String base64 = pem.substring(pem.indexOf(PEM) + PEM.length(), pem.indexOf("-----END"));
        X509EncodedKeySpec encoded =
                new X509EncodedKeySpec(Base64.getMimeDecoder().decode(base64));
        for (String algorithm : new String[] {"RSA", "EC", "Ed25519"}) {
            try {
                return KeyFactory.getInstance(algorithm).generatePublic(encoded);
            } catch (java.security.spec.InvalidKeySpecException e) {
                // it is of another kind
            }
        }
        throw new GeneralSecurityException("the key is neither RSA, EC nor Ed25519");
    }

    private synchronized VerificationKeyResolver fromAddress() throws KeysNotReadException {
        VerificationKeyResolver known = remote;
        if (known != null) return known;
        String address = place == null ? discovered() : place;
        HttpsJwks set = new HttpsJwks(address);
        set.setSimpleHttpGet(get());
        set.setDefaultCacheDuration(CACHE_SECONDS);
        set.setRetainCacheOnErrorDuration(CACHE_SECONDS);
        set.setRefreshReprieveThreshold(LOOK_AGAIN_MILLIS);
        VerificationKeyResolver resolver = new HttpsJwksVerificationKeyResolver(set);
        remote = resolver;
        return resolver;
    }

    /** OpenID Connect Discovery 1.0: the issuer says itself where its keys are. */
    private String discovered() throws KeysNotReadException {
        String address = issuer.replaceAll("/+$", "") + "/.well-known/openid-configuration";
        try {
            java.util.Map<String, Object> document =
                    JsonUtil.parseJson(get().get(address).getBody());
            if (!issuer.equals(document.get("issuer")) || !(document.get("jwks_uri") instanceof String keys)) {
                throw new IOException("it does not name the issuer " + issuer + " and its jwks_uri");
            }
            requireSafe(keys);
            return keys;
        } catch (IOException | JoseException | IllegalStateException e) {
            throw new KeysNotReadException(
                    "the issuer's keys cannot be found at " + address + ": " + e.getMessage(), e);
        }
    }

    private static Get get() {
        Get get = new Get();
        get.setConnectTimeout(LIMIT_MILLIS);
        get.setReadTimeout(LIMIT_MILLIS);
        get.setRetries(1);
        get.setResponseBodySizeLimit(1 << 20);
        return get;
    }

    /** Whoever can change the keys on their way is everybody's issuer. */
    private static void requireSafe(String address) {
        URI uri = URI.create(address);
        if ("https".equals(uri.getScheme()) || ("http".equals(uri.getScheme()) && loopback(uri.getHost()))) return;
        throw new IllegalStateException("ripcord.oidc: keys are read from https addresses only, found " + address);
    }

    private static boolean loopback(@Nullable String host) {
        try {
            return host != null && InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
