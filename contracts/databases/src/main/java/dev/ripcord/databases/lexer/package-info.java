/** SQL cut into statements and words by PostgreSQL's rules. */
@NullMarked
package dev.ripcord.databases.lexer;

import org.jspecify.annotations.NullMarked;
