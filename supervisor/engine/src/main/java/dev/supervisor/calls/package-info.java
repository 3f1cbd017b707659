/**
 * Substitutes for calls that act on the whole JVM: exit, Netty's constants, MBeans, and the like. Calls are redirected
 * when the application's classes are loaded, so that each generation has its own exit, constants and MBeans.
 *
 * <p>Read {@link dev.supervisor.calls.CallRedirection} first, which rewrites the calls; then {@link
 * dev.supervisor.calls.CallingGeneration}, which finds the generation of a calling class; then any of the {@code
 * ...Calls}. {@code OpenedResources} closes resources that only a {@code close()} frees.
 *
 * <p>Substitutes run on threads of the application, so they are thread-safe. Their names and parameters must be those
 * of the originals, plus the calling class. The package depends on {@code inspect}, ASM and JBoss Modules.
 */
@NullMarked
package dev.supervisor.calls;

import org.jspecify.annotations.NullMarked;
