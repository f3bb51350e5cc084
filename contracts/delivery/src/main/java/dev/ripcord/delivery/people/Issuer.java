package dev.ripcord.delivery.people;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An identity provider whose signed tokens are accepted.
 *
 * @param name as its tokens have it, in {@code iss}
 * @param audience that a token must be meant for, in {@code aud}
 * @param nameClaim the claim with the person's name
 * @param rolesClaim the claim with the person's roles or groups; dots lead into it
 * @param roles which role each value of that claim gives
 */
record Issuer(String name, String audience, String nameClaim, String rolesClaim, Map<String, Role> roles) {

    /**
     * Reads {@code value=role} of each entry; none at all means that the claim has the names of the roles.
     *
     * @throws IllegalStateException naming the entry that is wrong
     */
    static Map<String, Role> roles(List<String> entries) {
        Map<String, Role> roles = new LinkedHashMap<>();
        if (entries.isEmpty()) Arrays.stream(Role.values()).forEach(role -> roles.put(role.name(), role));
        for (String entry : entries) {
            int equals = entry.lastIndexOf('=');
            try {
                roles.put(
                        entry.substring(0, equals).strip(),
                        Role.valueOf(entry.substring(equals + 1).strip()));
            } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
                throw new IllegalStateException(
                        "ripcord.oidc.roles: expected value-of-the-claim=role, role one of viewer, requester, approver,"
                                + " administrator, found " + entry,
                        e);
            }
        }
        return roles;
    }
}
