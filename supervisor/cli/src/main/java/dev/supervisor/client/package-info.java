/**
 * The client of the control socket, and the version. It needs the JDK and nothing else, so that a command such as
 * {@code supervisor status} starts as fast as a JVM can: the distribution has these classes in a jar of their own.
 */
@NullMarked
package dev.supervisor.client;

import org.jspecify.annotations.NullMarked;
