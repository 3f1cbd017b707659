/**
 * Finds the application's sources, and shows lines of them.
 *
 * <p>{@link dev.supervisor.source.SourceFiles} adds the lines around a place to a problem, on the build thread. An
 * excerpt is made only of a text file of limited size, below the project or a watched root: the failure page shows no
 * other file of the machine, whatever a compiler names.
 */
@NullMarked
package dev.supervisor.source;

import org.jspecify.annotations.NullMarked;
