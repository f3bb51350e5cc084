package dev.ripcord.databases;

import org.jspecify.annotations.Nullable;

/**
 * Where messages can go.
 *
 * @param kind {@code slack} (incoming webhook) or {@code webhook} (signed, for subscribers)
 * @param signingKey of kind {@code webhook}
 */
public record Channel(
        String id, String kind, Secret url, @Nullable Secret signingKey) {}
