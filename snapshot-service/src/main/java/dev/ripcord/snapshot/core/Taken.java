package dev.ripcord.snapshot.core;

import java.time.Instant;
import java.util.Map;

/**
 * A snapshot as it was taken.
 *
 * @param takenAt the moment whose state it holds
 * @param bytes its size
 * @param millis how long it took
 * @param pauseMillis how long nobody could connect to the live database
 * @param properties of the live database itself at that time
 */
public record Taken(Instant takenAt, long bytes, long millis, long pauseMillis, Map<String, String> properties)
        implements Provider.Take {
    public Taken {
        properties = Map.copyOf(properties);
    }
}
