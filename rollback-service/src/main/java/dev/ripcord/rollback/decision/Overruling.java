package dev.ripcord.rollback.decision;

/**
 * A person wants the rollback all the same.
 *
 * @param reason why; a blank one is an {@link IllegalArgumentException}, as is a blank person
 */
public record Overruling(String person, String reason) {
    public Overruling {
        if (person.isBlank() || reason.isBlank()) {
            throw new IllegalArgumentException("Whoever overrules a rule is named and gives a reason");
        }
    }
}
