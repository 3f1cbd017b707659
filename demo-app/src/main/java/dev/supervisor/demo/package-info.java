/**
 * A small, real application behind the supervisor, to learn from and to copy.
 *
 * <p>Read it in this order: {@link dev.supervisor.demo.DemoApplication} is all that the supervisor needs; {@code
 * Routes} maps paths to answers; {@code Page} and {@code Echo} are a short and a streaming {@code Answer}; {@code
 * LiveSocket} is a WebSocket that moves to the next build; {@code RequestHandler} and {@code Exchange} are the HTTP
 * underneath, one request at a time.
 */
@NullMarked
package dev.supervisor.demo;

import org.jspecify.annotations.NullMarked;
