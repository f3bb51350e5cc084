package dev.ripcord.delivery.people;

import static dev.ripcord.delivery.people.Identities.in;
import static dev.ripcord.delivery.people.Identities.signed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.OkpJwkGenerator;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.keys.HmacKey;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SignedTokensTest {

    private static Identities identities;
    private static PublicJsonWebKey rsa;

    @TempDir
    Path folder;

    @BeforeAll
    static void open() throws IOException, JoseException {
        identities = new Identities();
        rsa = identities.publish(named(RsaJwkGenerator.generateJwk(2048), "rsa"));
    }

    @AfterAll
    static void close() {
        identities.close();
    }

    @Test
    void a_person_is_who_the_issuer_says_and_has_the_weightiest_of_his_roles() {
        String token = signed(identities.claims("ann", List.of("viewer", "approver", "dba")), rsa, "RS256");
        assertThat(people(identities.keysAddress()).owner(token)).isEqualTo(new Person("ann", Role.approver));
    }

    static Stream<Arguments> keysOfEachKind() throws JoseException {
        return Stream.of(
                Arguments.of("PS256", RsaJwkGenerator.generateJwk(2048)),
                Arguments.of("ES256", EcJwkGenerator.generateJwk(EllipticCurves.P256)),
                Arguments.of("ES384", EcJwkGenerator.generateJwk(EllipticCurves.P384)),
                Arguments.of("EdDSA", OkpJwkGenerator.generateJwk("Ed25519")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("keysOfEachKind")
    void keys_of_each_kind_are_found_in_a_set_in_pem_and_where_the_issuer_says(
            String algorithm, PublicJsonWebKey generated) throws IOException {
        PublicJsonWebKey key = identities.publish(named(generated, algorithm));
        String token = signed(identities.claims("ben", "viewer requester"), key, algorithm);
        Path set = Files.writeString(folder.resolve("keys.json"), identities.keySet());
        Path pem = Files.writeString(
                folder.resolve("key.pem"),
                "-----BEGIN PUBLIC KEY-----\n"
                        + Base64.getMimeEncoder()
                                .encodeToString(key.getPublicKey().getEncoded()) + "\n-----END PUBLIC KEY-----\n");
        for (@Nullable String place : Arrays.asList(set.toString(), pem.toString(), identities.keysAddress(), null)) {
            assertThat(people(place).owner(token)).as("%s", place).isEqualTo(new Person("ben", Role.requester));
        }
    }

    static Stream<Arguments> claimsThatAreRefused() {
        return Stream.of(
                refused("expired", "it has expired", claims -> claims.setExpirationTime(in(-31))),
                refused("never expiring", "when it expires", claims -> claims.unsetClaim("exp")),
                refused("not yet valid", "not valid yet", claims -> claims.setNotBefore(in(120))),
                refused("another issuer", "another has issued it", claims -> claims.setIssuer("https://evil.example")),
                refused("no issuer", "another has issued it", claims -> claims.unsetClaim("iss")),
                refused("another audience", "not meant for ripcord", claims -> claims.setAudience("payroll")),
                refused("no audience", "not meant for ripcord", claims -> claims.unsetClaim("aud")),
                refused("no subject", "no subject", claims -> claims.unsetClaim("sub")),
                refused("a name of two lines", "no name", claims -> claims.setSubject("ann\nben")),
                refused("a blank name", "", claims -> claims.setSubject(" ")));
    }

    private static Arguments refused(String name, String reason, Consumer<JwtClaims> change) {
        return Arguments.of(name, reason, change);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("claimsThatAreRefused")
    void what_is_signed_well_and_says_what_it_must_not_is_refused(
            String name, String reason, Consumer<JwtClaims> change) {
        JwtClaims claims = identities.claims("ann", List.of("administrator"));
        change.accept(claims);
        assertThatThrownBy(() -> people(identities.keysAddress()).owner(signed(claims, rsa, "RS256")))
                .isInstanceOf(RefusedTokenException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void a_clock_that_is_half_a_minute_off_is_forgiven() {
        JwtClaims late = identities.claims("ann", List.of("viewer"));
        late.setIssuedAt(in(-300));
        late.setExpirationTime(in(-20));
        JwtClaims early = identities.claims("ann", List.of("viewer"));
        early.setNotBefore(in(20));
        People people = people(identities.keysAddress());
        assertThat(people.owner(signed(late, rsa, "RS256")).name()).isEqualTo("ann");
        assertThat(people.owner(signed(early, rsa, "RS256")).name()).isEqualTo("ann");
    }

    @Test
    void a_token_of_another_key_is_refused_whatever_key_it_names() throws JoseException {
        PublicJsonWebKey other = named(RsaJwkGenerator.generateJwk(2048), "rsa");
        PublicJsonWebKey unknown = named(RsaJwkGenerator.generateJwk(2048), "unknown");
        for (PublicJsonWebKey key : List.of(other, unknown)) {
            String token = signed(identities.claims("ann", List.of("administrator")), key, "RS256");
            assertThatThrownBy(() -> people(identities.keysAddress()).owner(token))
                    .isInstanceOf(RefusedTokenException.class)
                    .hasMessageContaining("key of its issuer");
        }
    }

    @Test
    void a_token_without_a_signature_is_none() throws JoseException {
        JsonWebSignature unsigned = new JsonWebSignature();
        unsigned.setAlgorithmConstraints(AlgorithmConstraints.ALLOW_ONLY_NONE);
        unsigned.setAlgorithmHeaderValue("none");
        unsigned.setPayload(identities.claims("ann", List.of("administrator")).toJson());
        assertRefused(unsigned.getCompactSerialization());
        String good = signed(identities.claims("ann", List.of("administrator")), rsa, "RS256");
        assertRefused(good.substring(0, good.lastIndexOf('.') + 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rsa", ""})
    void the_public_key_is_no_secret_to_sign_with(String keyId) throws Exception {
        Path pem = Files.writeString(
                folder.resolve("key.pem"),
                "-----BEGIN PUBLIC KEY-----\n"
                        + Base64.getMimeEncoder()
                                .encodeToString(rsa.getPublicKey().getEncoded()) + "\n-----END PUBLIC KEY-----\n");
        for (byte[] secret : List.of(
                rsa.getPublicKey().getEncoded(),
                Files.readAllBytes(pem),
                rsa.toJson().getBytes(StandardCharsets.UTF_8))) {
            JsonWebSignature confused = new JsonWebSignature();
            confused.setAlgorithmHeaderValue("HS256");
            confused.setKey(new HmacKey(secret));
            if (!keyId.isEmpty()) confused.setKeyIdHeaderValue(keyId);
            confused.setPayload(
                    identities.claims("ann", List.of("administrator")).toJson());
            String token = confused.getCompactSerialization();
            assertRefused(token);
            assertThatThrownBy(() -> people(pem.toString()).owner(token)).isInstanceOf(RefusedTokenException.class);
        }
    }

    @Test
    void a_token_whose_payload_was_changed_is_refused() {
        String[] parts = signed(identities.claims("ann", List.of("viewer")), rsa, "RS256")
                .split("\\.");
        String payload = identities.claims("ann", List.of("administrator")).toJson();
        assertRefused(parts[0] + "."
                + Base64.getUrlEncoder().withoutPadding().encodeToString(payload.getBytes(StandardCharsets.UTF_8))
                + "." + parts[2]);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a.b.c", "e30.e30.e30", "no-token", "x.y.z.u.v"})
    void what_is_no_token_at_all_is_refused(String token) {
        assertRefused(token);
    }

    @Test
    void groups_give_roles_by_a_mapping_and_whoever_has_none_has_no_role() {
        People people = new People(
                Optional.empty(),
                Optional.of(identities.issuer()),
                Optional.of(Identities.AUDIENCE),
                Optional.of(identities.keysAddress()),
                "email",
                "realm_access.groups",
                Optional.of(List.of("dba=administrator", "on call=approver")));
        JwtClaims ann = identities.claims("7", "administrator");
        ann.setClaim("email", "ann@example.org");
        ann.setClaim("realm_access", Map.of("groups", List.of("on call", "everybody")));
        JwtClaims ben = identities.claims("8", "administrator");
        ben.setClaim("email", "ben@example.org");
        assertThat(people.owner(signed(ann, rsa, "RS256"))).isEqualTo(new Person("ann@example.org", Role.approver));
        assertThat(people.owner(signed(ben, rsa, "RS256"))).isEqualTo(new Person("ben@example.org", null));
    }

    @Test
    void keys_out_of_reach_are_told_and_looked_for_again() throws IOException, JoseException {
        try (Identities late = new Identities()) {
            PublicJsonWebKey key = late.publish(named(RsaJwkGenerator.generateJwk(2048), "late"));
            String token = signed(late.claims("ann", "viewer"), key, "RS256");
            People people = people(late.issuer(), null);
            assertThat(people.owner(token).name()).isEqualTo("ann");
            late.forgetItsConfiguration();
            assertThat(people.owner(token).name()).as("what was read is kept").isEqualTo("ann");
            assertThatThrownBy(() -> people(late.issuer(), null).owner(token))
                    .isInstanceOf(RefusedTokenException.class)
                    .hasMessageContaining("cannot be found at");
        }
    }

    @Test
    void a_new_key_of_the_issuer_is_found_without_a_restart() throws JoseException {
        People people = people(identities.keysAddress());
        assertThat(people.owner(signed(identities.claims("ann", "viewer"), rsa, "RS256"))
                        .name())
                .isEqualTo("ann");
        PublicJsonWebKey next = identities.publish(named(RsaJwkGenerator.generateJwk(2048), "next"));
        String token = signed(identities.claims("ben", "viewer"), next, "RS256");
        await().ignoreExceptionsInstanceOf(RefusedTokenException.class)
                .untilAsserted(() -> assertThat(people.owner(token).name()).isEqualTo("ben"));
    }

    @Test
    void what_is_not_safe_keeps_the_service_from_starting() throws IOException {
        assertThatThrownBy(() -> people("http://keys.example/keys")).hasMessageContaining("https addresses only");
        assertThatThrownBy(() -> people("https://issuer.example", Optional.empty(), null))
                .hasMessageContaining("ripcord.oidc.audience is not set");
        assertThatThrownBy(() -> Issuer.roles(List.of("dba=king"))).hasMessageContaining("found dba=king");
        Path noKey = Files.writeString(folder.resolve("no-key"), "hello");
        assertThatThrownBy(() -> people(noKey.toString()).check()).hasMessageContaining("no-key is neither");
    }

    private static PublicJsonWebKey named(PublicJsonWebKey key, String name) {
        key.setKeyId(name);
        return key;
    }

    private static void assertRefused(String token) {
        assertThatThrownBy(() -> people(identities.keysAddress()).owner(token))
                .isInstanceOf(RefusedTokenException.class);
    }

    private static People people(@Nullable String keys) {
        return people(identities.issuer(), keys);
    }

    private static People people(String issuer, @Nullable String keys) {
        return people(issuer, Optional.of(Identities.AUDIENCE), keys);
    }

    private static People people(String issuer, Optional<String> audience, @Nullable String keys) {
        return new People(
                Optional.empty(),
                Optional.of(issuer),
                audience,
                Optional.ofNullable(keys),
                "sub",
                "roles",
                Optional.empty());
    }
}
