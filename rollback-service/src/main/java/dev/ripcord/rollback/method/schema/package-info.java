/**
 * Takes the structure of a database back to that of its snapshot and keeps the rows.
 *
 * <p>The statements are derived here and not by a tool for comparing schemas: those that can be used as a library see
 * tables, columns and indexes, but neither functions, triggers, policies, checks nor grants, and those that see all of
 * them are programs of other languages that would have to be installed beside the database.
 */
@NullMarked
package dev.ripcord.rollback.method.schema;

import org.jspecify.annotations.NullMarked;
