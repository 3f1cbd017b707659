/**
 * The load test: simulated clients that send requests all the time while builds are swapped, and a report of what they
 * met.
 *
 * <p>Read {@link dev.supervisor.load.LoadTest} first; then {@code Workers}, {@code Worker} and {@code
 * ClientConnection}, which send requests at a {@code Pace}; {@code Reloads}, which swaps builds meanwhile; {@code
 * Findings} and {@code Summary}, which make the {@link dev.supervisor.load.LoadResult}.
 *
 * <p>Each {@code Worker} has one event loop, and {@code Reloads} one thread. Knows nothing of the supervisor: the
 * target may be any HTTP/1.1 server.
 */
@NullMarked
package dev.supervisor.load;

import org.jspecify.annotations.NullMarked;
