/**
 * Proves that nothing is left of an ended generation, or names what holds it.
 *
 * <p>Read {@link dev.supervisor.unload.Unload} first, which watches class loaders with {@code LoaderReference} and
 * {@code CollectionProbe}; then {@code Holders}, which looks at threads and at {@code unload.places}, and {@link
 * dev.supervisor.unload.LeakPath}, which has a heap dump searched by a {@code SearchProcess}. {@link
 * dev.supervisor.unload.Metaspace} and {@code DirectMemory} watch the memory that leaks take.
 *
 * <p>{@code Unload} has two threads; code of the application runs on threads of its generation only. Depends on {@code
 * inspect} and {@code unload.places}.
 */
@NullMarked
package dev.supervisor.unload;

import org.jspecify.annotations.NullMarked;
