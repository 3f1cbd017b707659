/**
 * Looks into the JVM: private fields of the JDK and of Netty, threads, and the objects that an object leads to.
 *
 * <p>Read {@link dev.supervisor.inspect.Owner} first, which tells what belongs to a generation; {@link
 * dev.supervisor.inspect.ReferenceWalk}, {@link dev.supervisor.inspect.InternalField}, {@link
 * dev.supervisor.inspect.Threads} and {@link dev.supervisor.inspect.ThreadHolder} follow from it.
 *
 * <p>Everything may be called from any thread. Depends on the JDK and on Netty only.
 */
@NullMarked
package dev.supervisor.inspect;

import org.jspecify.annotations.NullMarked;
