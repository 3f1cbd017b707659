/** Processes of the supervisor and of its rivals. */
@NullMarked
package dev.supervisor.bench.servers;

import org.jspecify.annotations.NullMarked;
