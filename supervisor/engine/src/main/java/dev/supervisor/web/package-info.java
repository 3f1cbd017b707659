/**
 * Parts that the supervisor's own HTTP servers share, and the server that makes pages in browsers refresh themselves.
 *
 * <p>Read {@link dev.supervisor.web.RefreshServer} first, then its parts {@code RefreshHandler} and {@code
 * EventStreams}, and {@code ScriptInjection}, which adds its script to pages. {@link dev.supervisor.web.LocalRequests}
 * decides which requests are served.
 *
 * <p>The server has one event loop of its own; {@code ScriptInjection} runs on the connection's. Depends on {@code
 * socket}, {@code socket.netty} and {@code text}; must not know generations or failure pages.
 */
@NullMarked
package dev.supervisor.web;

import org.jspecify.annotations.NullMarked;
