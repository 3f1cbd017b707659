/** Clients of the servers. */
@NullMarked
package dev.supervisor.bench.clients;

import org.jspecify.annotations.NullMarked;
