/** What delivery systems tell of rollouts: context for whoever decides about a rollback. */
@NullMarked
package dev.ripcord.rollback.deployments;

import org.jspecify.annotations.NullMarked;
