/**
 * The load test: simulated clients that ask all the time while builds are swapped, and a report of what they met. Knows
 * nothing of the supervisor; the target may be any HTTP/1.1 server.
 */
@NullMarked
package dev.supervisor.load;

import org.jspecify.annotations.NullMarked;
