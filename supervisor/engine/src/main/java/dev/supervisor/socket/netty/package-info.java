/** Netty channels for the connections that a generation has, and their handoff to the next generation. */
@NullMarked
package dev.supervisor.socket.netty;

import org.jspecify.annotations.NullMarked;
