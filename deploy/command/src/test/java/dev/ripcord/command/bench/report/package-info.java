/** Tests of what the comparison's figures become. */
@NullMarked
package dev.ripcord.command.bench.report;

import org.jspecify.annotations.NullMarked;
