/** Connections that are relayed to a server of a program, where no socket can be lent to it. */
@NullMarked
package dev.supervisor.socket.relay;

import org.jspecify.annotations.NullMarked;
