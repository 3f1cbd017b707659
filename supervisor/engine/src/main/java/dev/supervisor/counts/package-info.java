/** Counters that are read for the status, and that cost little where they count. Knows nothing of what is counted. */
@NullMarked
package dev.supervisor.counts;

import org.jspecify.annotations.NullMarked;
