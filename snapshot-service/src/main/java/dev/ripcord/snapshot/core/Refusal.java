package dev.ripcord.snapshot.core;

/**
 * It cannot be done, and trying again would not help; nothing is left of the attempt that stands in anybody's way.
 *
 * @param next what to do about it
 */
public record Refusal(String reason, String next) implements Provider.Take, Provider.Restoration {}
