package dev.ripcord.rollback.method.schema;

/**
 * Why the structure cannot be taken back safely.
 *
 * @param object what stands in the way, as kind and name
 * @param reason for people, with figures where rows are concerned
 */
public record Refusal(String object, String reason) {}
