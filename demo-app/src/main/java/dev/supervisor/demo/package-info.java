/**
 * A small, real application behind the supervisor, to learn from and to copy.
 *
 * <p>Read it in this order: {@link dev.supervisor.demo.DemoApplication} is all that the supervisor asks for, {@code
 * Routes} says what is answered where, {@code Page} and {@code Echo} are one short and one streaming {@code Answer},
 * and {@code RequestHandler} and {@code Exchange} are the HTTP underneath: one request at a time.
 */
@NullMarked
package dev.supervisor.demo;

import org.jspecify.annotations.NullMarked;
