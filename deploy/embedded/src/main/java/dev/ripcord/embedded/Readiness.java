package dev.ripcord.embedded;

import java.net.URI;

/** How a process tells that it is ready for work. */
public sealed interface Readiness {

    /** An address answers a GET with a status below 300. */
    record Answer(URI address) implements Readiness {}

    /** A line with this text appears in the log. */
    record Line(String text) implements Readiness {}
}
