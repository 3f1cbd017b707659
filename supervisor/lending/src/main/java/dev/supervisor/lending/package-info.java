/**
 * Sockets that are lent to an application which knows nothing of the supervisor, below its framework: in {@code java.nio}.
 * {@link dev.supervisor.lending.LendingProvider} gives such an application channels that look like the JDK's and belong to a
 * lender, which decides by {@link dev.supervisor.lending.Lease} and {@link dev.supervisor.lending.Traffic} what
 * comes through them.
 *
 * <p>The channels implement an internal interface of the JDK, {@code sun.nio.ch.SelChImpl}, so that the JDK's selectors take
 * them. This is the only package that does so; {@link dev.supervisor.lending.SelfTest} tells whether that works on the
 * running JDK.
 */
@NullMarked
package dev.supervisor.lending;

import org.jspecify.annotations.NullMarked;
