package dev.ripcord.events;

/**
 * One script of those that build a database anew.
 *
 * @param name {@code baseline/} or {@code seeds/} and the file's name
 * @param sha256 of its bytes, hexadecimal
 */
public record Script(String name, String sha256) {}
