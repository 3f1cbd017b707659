/**
 * The interface between the supervisor and an application: {@link dev.supervisor.spi.Application}, which the
 * application implements; and the objects that the supervisor gives it: an {@link
 * dev.supervisor.spi.ApplicationContext} with its {@link dev.supervisor.spi.Listener}s and {@link
 * dev.supervisor.spi.DatagramListener}s, and the event {@link
 * dev.supervisor.spi.Superseded}.
 *
 * <p>{@link dev.supervisor.spi.Standalone} runs the same application without the supervisor; nothing else here depends on
 * it.
 *
 * <p>{@code start} and {@code close} run on a thread of the generation, handlers on its event loops. Depends on Netty's
 * transport only; {@code Standalone} also uses the HTTP codec and the epoll transport, if they are there.
 */
@NullMarked
package dev.supervisor.spi;

import org.jspecify.annotations.NullMarked;
