/**
 * Searches a heap dump for the path that keeps the class loader of an ended generation alive.
 *
 * <p>Read {@link dev.supervisor.leaks.LeakSearch} first, a program that the engine runs in a process of its own; then
 * {@code DumpedHeap}, the graph of objects, {@code ShortestPaths}, which searches it, and {@code PathDescription},
 * which makes text of a {@code HeapPath}.
 *
 * <p>Has one thread. Depends on the library shark; knows of the engine only the name of its {@code LoaderReference}.
 */
@NullMarked
package dev.supervisor.leaks;

import org.jspecify.annotations.NullMarked;
