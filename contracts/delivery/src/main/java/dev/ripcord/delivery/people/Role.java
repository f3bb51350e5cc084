package dev.ripcord.delivery.people;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/** What somebody may do; each role includes those before it. */
enum Role {
    viewer,
    requester,
    approver,
    administrator;

    Set<String> included() {
        return Arrays.stream(values())
                .filter(role -> role.ordinal() <= ordinal())
                .map(Role::name)
                .collect(Collectors.toSet());
    }
}
