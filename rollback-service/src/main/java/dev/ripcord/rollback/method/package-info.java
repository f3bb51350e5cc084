/** The ways back that leave the live database where it stands, one folder each. */
@NullMarked
package dev.ripcord.rollback.method;

import org.jspecify.annotations.NullMarked;
