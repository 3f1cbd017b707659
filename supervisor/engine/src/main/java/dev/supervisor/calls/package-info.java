/**
 * What an application calls of which a JVM has only one: ending it, Netty's constants, MBeans, and the like. Such calls
 * are redirected when its classes are loaded, so that each generation is answered on its own.
 */
@NullMarked
package dev.supervisor.calls;

import org.jspecify.annotations.NullMarked;
