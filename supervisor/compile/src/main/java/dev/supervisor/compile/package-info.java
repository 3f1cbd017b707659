/**
 * Compiles the sources of a project within this JVM, as soon as they have changed, and no more of them than need be.
 *
 * <p>{@link dev.supervisor.compile.Project} is what a build tool knows of a project: written by a plugin of the tool, and
 * read here. Where only the tool itself can build a module, it is asked to, by its {@link
 * dev.supervisor.compile.Delegate}.
 */
@NullMarked
package dev.supervisor.compile;

import org.jspecify.annotations.NullMarked;
