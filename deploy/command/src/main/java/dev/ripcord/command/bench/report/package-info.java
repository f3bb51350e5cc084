/** What the comparison came to: for the terminal, as CSV, and as one page with plots. */
@NullMarked
package dev.ripcord.command.bench.report;

import org.jspecify.annotations.NullMarked;
