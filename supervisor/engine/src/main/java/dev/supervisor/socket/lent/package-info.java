/**
 * Connections of applications which know nothing of the supervisor: the lender's side of {@code dev.supervisor.lending}.
 * {@code LentConnection} decides what such an application reads, by nothing but the bytes in both directions, and when the
 * connection leaves it; {@code LentServer} is the receiver of a gate.
 */
@NullMarked
package dev.supervisor.socket.lent;

import org.jspecify.annotations.NullMarked;
