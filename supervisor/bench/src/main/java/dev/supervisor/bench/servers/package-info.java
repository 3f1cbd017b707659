/** Processes of the supervisor, and of what stands against it. */
@NullMarked
package dev.supervisor.bench.servers;

import org.jspecify.annotations.NullMarked;
