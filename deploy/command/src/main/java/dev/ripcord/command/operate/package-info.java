/** Working with a suite that runs: the stack that stays up, enrolment, and the services' HTTP interfaces. */
@NullMarked
package dev.ripcord.command.operate;

import org.jspecify.annotations.NullMarked;
