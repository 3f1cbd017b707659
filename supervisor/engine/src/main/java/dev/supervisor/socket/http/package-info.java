/**
 * How far the peers of a connection are in their protocol: where a request ends, and whether a response is the last.
 *
 * <p>Read {@link dev.supervisor.socket.http.ProtocolProgress} first, then {@link
 * dev.supervisor.socket.http.HttpBoundary}, which reads it from Netty's codec, then the two handlers that are added to
 * a busy connection at a swap.
 *
 * <p>All of it runs on the connection's event loop. Depends on Netty's codecs only.
 */
@NullMarked
package dev.supervisor.socket.http;

import org.jspecify.annotations.NullMarked;
