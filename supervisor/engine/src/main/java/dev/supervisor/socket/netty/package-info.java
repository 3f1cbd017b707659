/**
 * The Netty channels through which a generation owns connections, and the handoff to the next generation.
 *
 * <p>Read {@link dev.supervisor.socket.netty.Connections} first, all connections of one generation; then {@link
 * dev.supervisor.socket.netty.SupervisedServerChannel}, which the application binds, {@code OwnedConnection}, the
 * connection while one generation owns it, {@code HandoffState}, which decides when a connection leaves, and {@code
 * Handoff}, which carries it out.
 *
 * <p>A channel runs on its generation's event loop; {@code Connections} may be called from any thread. Depends on
 * {@code socket} and {@code socket.http}; must not know generations, builds or failure pages.
 */
@NullMarked
package dev.supervisor.socket.netty;

import org.jspecify.annotations.NullMarked;
