/**
 * Substitutes for calls of which a JVM has only one receiver: exit, Netty's constants, MBeans, and the like. Calls are
 * redirected when the application's classes are loaded, so that each generation has its own.
 *
 * <p>Read {@link dev.supervisor.calls.CallRedirection} first, which rewrites the calls; then {@link
 * dev.supervisor.calls.CallingGeneration}, which finds the generation of a calling class; then any of the {@code
 * ...Calls}. {@code OpenedResources} closes what only a {@code close()} frees.
 *
 * <p>Substitutes run on threads of the application, so they are thread-safe. Depends on {@code inspect}, ASM and JBoss
 * Modules. Their names and parameters must be those of the originals, plus the calling class.
 */
@NullMarked
package dev.supervisor.calls;

import org.jspecify.annotations.NullMarked;
