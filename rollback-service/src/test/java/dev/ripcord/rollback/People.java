package dev.ripcord.rollback;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.ripcord.events.KafkaBinding;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/** People who use the HTTP interface, each with a token that an identity provider has signed. */
final class People {

    static final String ISSUER = "https://people.example";

    /** One key for the JVM: the class loaders of tests each have their own class of this name. */
    private static final String KEY = "dev.ripcord.rollback.People.key";

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final URI service;

    People(URI service) {
        this.service = service;
    }

    static String keys() {
        return new JsonWebKeySet(key()).toJson(JsonWebKey.OutputControlLevel.PUBLIC_ONLY);
    }

    private static synchronized PublicJsonWebKey key() {
        try {
            String known = System.getProperty(KEY);
            if (known != null) return PublicJsonWebKey.Factory.newPublicJwk(known);
            PublicJsonWebKey drawn = org.jose4j.jwk.EcJwkGenerator.generateJwk(org.jose4j.keys.EllipticCurves.P256);
            System.setProperty(KEY, drawn.toJson(JsonWebKey.OutputControlLevel.INCLUDE_PRIVATE));
            return drawn;
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }

    static String token(String name, String role) {
        JwtClaims claims = new JwtClaims();
        claims.setIssuer(ISSUER);
        claims.setAudience("ripcord");
        claims.setSubject(name);
        claims.setExpirationTimeMinutesInTheFuture(5);
        claims.setClaim("roles", role);
        JsonWebSignature signature = new JsonWebSignature();
        signature.setPayload(claims.toJson());
        signature.setKey(key().getPrivateKey());
        signature.setAlgorithmHeaderValue("ES256");
        try {
            return signature.getCompactSerialization();
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What the service answered. */
    record Answer(int status, JsonNode body) {
        String reason() {
            return body.path("reason").asText();
        }
    }

    Answer asks(String name, String role, String path, Map<String, ?> body) {
        return send("POST", path, body, token(name, role));
    }

    Answer looks(String name, String role, String path) {
        return send("GET", path, null, token(name, role));
    }

    Answer send(String method, String path, @Nullable Map<String, ?> body, @Nullable String token) {
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder(service.resolve(path))
                    .timeout(Duration.ofSeconds(30))
                    .header("Content-Type", "application/json")
                    .method(
                            method,
                            HttpRequest.BodyPublishers.ofString(
                                    body == null ? "" : KafkaBinding.JSON.writeValueAsString(body)));
            if (token != null) request.header("Authorization", "Bearer " + token);
            HttpResponse<String> answer = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Answer(answer.statusCode(), json(answer.body()));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode json(String text) throws JsonProcessingException {
        return text.isBlank() || !(text.startsWith("{") || text.startsWith("["))
                ? KafkaBinding.JSON.createObjectNode()
                : KafkaBinding.JSON.readTree(text);
    }
}
