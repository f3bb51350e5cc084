package dev.ripcord.databases;

/**
 * Which database this is, as far as a server can tell.
 *
 * @param systemIdentifier of the server's data; a byte-wise copy of the server has the same
 * @param marker of the enrolment
 * @param oid the live database's object id: dropped and made again, it has another
 * @param serverVersion for example 180006
 */
public record Identity(String systemIdentifier, String marker, long oid, int serverVersion) {}
