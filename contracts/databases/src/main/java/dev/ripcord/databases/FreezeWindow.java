package dev.ripcord.databases;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A time of each week in which changes are not wanted.
 *
 * @param days those on which it begins; all where none is named
 * @param from {@code HH:MM}
 * @param to {@code HH:MM}; on the next day where it is not after {@code from}
 * @param zone of the IANA time zone database
 */
public record FreezeWindow(List<DayOfWeek> days, String from, String to, String zone) {

    public FreezeWindow(@Nullable List<DayOfWeek> days, String from, String to, @Nullable String zone) {
        this.days = days == null || days.isEmpty() ? List.of(DayOfWeek.values()) : List.copyOf(days);
        this.from = from;
        this.to = to;
        this.zone = zone == null ? "UTC" : zone;
    }

    /** Whether this machine knows its zone. */
    boolean zoneIsKnown() {
        return ZoneId.getAvailableZoneIds().contains(zone);
    }

    /** Whether a moment is in it: its beginning is, its end is not. */
    public boolean holds(Instant moment) {
        ZonedDateTime there = moment.atZone(ZoneId.of(zone));
        LocalTime begin = LocalTime.parse(from);
        LocalTime end = LocalTime.parse(to);
        LocalTime time = there.toLocalTime();
        if (begin.isBefore(end))
            return days.contains(there.getDayOfWeek()) && !time.isBefore(begin) && time.isBefore(end);
        return (days.contains(there.getDayOfWeek()) && !time.isBefore(begin))
                || (days.contains(there.getDayOfWeek().minus(1)) && time.isBefore(end));
    }
}
