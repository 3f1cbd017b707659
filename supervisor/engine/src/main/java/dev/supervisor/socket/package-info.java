/**
 * Listening sockets, and the accepted connections until a generation takes them.
 *
 * <p>Read {@link dev.supervisor.socket.ListeningSocket} first, which accepts; then {@link dev.supervisor.socket.Gate},
 * which queues or passes each {@link dev.supervisor.socket.Connection} as {@code GateState} decides; then {@code
 * ReadAhead}, which watches waiting connections, and {@code LingeringClose}, which closes them.
 *
 * <p>Everything runs on one event loop, the accept loop, where no application code may run. Depends on Netty's
 * transport and {@code dev.supervisor}; must not know channels of generations ({@code socket.netty}), HTTP, builds or
 * class loaders.
 */
@NullMarked
package dev.supervisor.socket;

import org.jspecify.annotations.NullMarked;
