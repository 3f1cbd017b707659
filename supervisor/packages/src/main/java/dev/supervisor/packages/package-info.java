/** Writes what the packages have beside the distribution: man pages, and the completion of shells. */
@NullMarked
package dev.supervisor.packages;

import org.jspecify.annotations.NullMarked;
